"""Migrations of an SQLite store, and the backups beside it."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Coroutine, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_files import insert_plain
from stores import file_content, names_beside
from stories import CHAT, NOW, batch, story

from bot.errors import NotAStoreError, StoreError
from bot.ingest.boilerplate import StoryEdges
from bot.ingest.dedup import fetch_known
from bot.ingest.events.upkeep import rebuild_events
from bot.logins.ports import ApiToken, LoginSession, Visitor
from bot.model import Chat, Enclosure
from bot.posting.model import Delivery, Retry
from bot.search.ports import START
from bot.search.query import Filter, Query, Term, parse
from store.schema import APPLICATION_ID, STEPS
from store.schema_changes import (
    ALT_TEXTS,
    API_TOKENS,
    AUDIT,
    ENCLOSURES,
    EVENTS,
    LOGINS,
    MESSAGES,
    OUTAGES,
    SHARED_STORIES,
    STORY_EDGES,
    SUMMARIES,
    TYPED_PREFIXES,
    VARIANTS,
    WEBSUB,
    Step,
)
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

NEXT: Step = ("CREATE TABLE extra (a TEXT)", "INSERT INTO extra VALUES ('filled')")
AFTER_NEXT: Step = ("CREATE TABLE more (b TEXT)",)
FAILING: Step = (*NEXT, "INSERT INTO no_such_table VALUES (1)")
QUIET_CHAT = Chat("telegram", "-7")
OLD = len(STEPS)
OLD_WITHOUT_SHARES = STEPS.index(SHARED_STORIES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


async def _filled(path: Path, *titles: str) -> None:
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch(map(story, titles)))


async def _opened_and_closed(path: Path, *more: Step) -> None:
    async with await SqliteStore.open(path, (*STEPS, *more)):
        pass


async def _titles(path: Path, *more: Step) -> set[str]:
    async with await SqliteStore.open(path, (*STEPS, *more)) as store:
        assert await store.check() == []
        return {one.title for one in (await store.stories.latest(Filter(), 100)).stories}


def _rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def _number(path: Path, pragma: str) -> object:
    return _rows(path, f"PRAGMA {pragma}")[0][0]


async def test_a_fresh_file_says_whose_it_is_and_which_schema_it_has(path: Path) -> None:
    await _opened_and_closed(path)

    assert _number(path, "application_id") == APPLICATION_ID == 0x44544C4E
    assert _number(path, "user_version") == len(STEPS)
    assert names_beside(path) == ["dateline.db"]


async def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.write_bytes(b"")

    await _filled(path, "a")
    assert await _titles(path) == {"a"}


async def test_folders_that_are_missing_are_made(tmp_path: Path) -> None:
    path = tmp_path / "some" / "deep folder" / "dateline.db"

    await _filled(path, "a")
    assert await _titles(path) == {"a"}


async def test_opening_a_file_that_is_up_to_date_changes_nothing(path: Path) -> None:
    await _filled(path, "a")
    before = file_content(path)

    await _opened_and_closed(path)
    assert file_content(path) == before
    assert names_beside(path) == ["dateline.db"]


async def test_an_older_file_is_brought_up_to_date_with_a_whole_backup_beside_it(
    path: Path,
) -> None:
    await _filled(path, "a", "b")

    assert await _titles(path, NEXT) == {"a", "b"}
    assert _number(path, "user_version") == OLD + 1
    assert _rows(path, "SELECT a FROM extra") == [("filled",)]

    backup = path.with_name(f"dateline.db.v{OLD}.bak")
    assert names_beside(path) == ["dateline.db", backup.name]
    assert _number(backup, "user_version") == OLD
    assert _rows(backup, "SELECT name FROM sqlite_schema WHERE name = 'extra'") == []
    assert await _titles(backup) == {"a", "b"}


async def test_the_backup_has_what_still_lay_in_the_log(path: Path) -> None:
    async with await SqliteStore.open(path) as writing:
        await writing.ingest.write(batch([story("only in the log")]))
        await _opened_and_closed(path, NEXT)

    assert await _titles(path.with_name(f"dateline.db.v{OLD}.bak")) == {"only in the log"}


async def test_a_second_backup_is_never_written_over_the_first(path: Path) -> None:
    await _filled(path, "first")
    old = file_content(path)
    await _opened_and_closed(path, NEXT)
    path.write_bytes(old)  # as an operator does who goes back to the Dateline of before
    await _filled(path, "second")
    await _opened_and_closed(path, NEXT)

    first, second = (path.with_name(f"dateline.db.v{OLD}{turn}.bak") for turn in ("", ".2"))
    assert names_beside(path) == sorted([path.name, first.name, second.name])
    assert await _titles(first) == {"first"}
    assert await _titles(second) == {"first", "second"}


async def test_steps_that_were_taken_are_not_taken_again(path: Path) -> None:
    await _filled(path, "a")
    await _opened_and_closed(path, NEXT)
    await _opened_and_closed(path, NEXT, AFTER_NEXT)

    assert _rows(path, "SELECT a FROM extra") == [("filled",)]
    assert _rows(path, "SELECT * FROM more") == []
    assert path.with_name(f"dateline.db.v{OLD + 1}.bak").exists()


async def test_a_step_that_fails_leaves_the_file_as_usable_as_it_was(path: Path) -> None:
    await _filled(path, "a", "b")
    before = file_content(path)

    with pytest.raises(StoreError, match="no_such_table"):
        await SqliteStore.open(path, (*STEPS, FAILING))

    assert file_content(path) == before
    assert _number(path, "user_version") == OLD
    assert await _titles(path) == {"a", "b"}
    assert list(path.parent.glob("*.bak*")) == []  # tries that fail must not fill the disk


async def test_a_first_step_that_fails_leaves_no_half_a_store(path: Path) -> None:
    with pytest.raises(StoreError):
        await SqliteStore.open(path, (*STEPS, FAILING))

    assert _rows(path, "SELECT name FROM sqlite_schema") == []
    await _filled(path, "a")
    assert await _titles(path) == {"a"}


# Several at once


async def _together(work: Iterable[Coroutine[None, None, None]]) -> None:
    results = await asyncio.gather(*work, return_exceptions=True)
    assert [result for result in results if result is not None] == []


async def test_stores_that_open_a_fresh_file_at_once_all_open_it(tmp_path: Path) -> None:
    for turn in range(15):
        path = tmp_path / f"{turn}.db"
        await _together(_opened_and_closed(path) for _ in range(4))
        assert _number(path, "user_version") == len(STEPS)


async def test_stores_that_open_an_older_file_at_once_all_open_it(tmp_path: Path) -> None:
    for turn in range(10):
        path = tmp_path / f"{turn}.db"
        await _filled(path, "a")
        await _together(_opened_and_closed(path, NEXT) for _ in range(3))
        assert _rows(path, "SELECT a FROM extra") == [("filled",)]
        assert await _titles(path.with_name(f"{turn}.db.v{OLD}.bak")) == {"a"}
        assert not any(name.endswith(".part") for name in names_beside(path))


_MIGRATE = """
import asyncio, sys
from pathlib import Path
from store.schema import STEPS
from store.sqlite import SqliteStore

SLOW = (
    "CREATE TABLE extra AS WITH RECURSIVE c (x) AS "
    "(SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 2000000000) SELECT max(x) FROM c",
)
asyncio.run(SqliteStore.open(Path(sys.argv[1]), (*STEPS, SLOW)))
"""


@pytest.mark.process
async def test_kills_between_copy_and_commit_leave_one_copy_at_most(path: Path) -> None:
    await _filled(path, "a")
    copy = path.with_name(f"dateline.db.v{OLD}.bak.part")
    for pause in (0.0, 0.3, 0.0, 0.3):  # in the midst of the copy, and after it
        copy.unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-c", _MIGRATE, str(path)])
        while not copy.exists():
            assert process.poll() is None
            await asyncio.sleep(0.001)
        await asyncio.sleep(pause)
        process.kill()
        process.wait()
        left = {name.removesuffix("-journal") for name in names_beside(path) if ".bak" in name}
        assert left == {copy.name}

    await _opened_and_closed(path, NEXT)
    assert names_beside(path) == [path.name, f"{path.name}.v{OLD}.bak"]
    assert await _titles(path.with_name(f"{path.name}.v{OLD}.bak")) == {"a"}


async def test_what_kills_have_left_is_tidied_up_by_the_next_start(path: Path) -> None:
    await _filled(path, "a")
    copy = path.with_name(f"dateline.db.v{OLD}.bak")
    copy.with_name(f"{copy.name}.part").write_bytes(b"half a copy")
    assert await _titles(path) == {"a"}
    assert names_beside(path) == [path.name]

    await _opened_and_closed(path, NEXT)
    copy.rename(copy.with_name(f"{copy.name}.part"))  # killed right after the commit
    await _opened_and_closed(path, NEXT)
    assert names_beside(path) == [path.name, copy.name]


_OPEN_WHEN_TOLD = """
import asyncio, sys
from pathlib import Path
from store.sqlite import SqliteStore

async def main(path):
    async with await SqliteStore.open(path):
        pass

print("ready", flush=True)
for line in sys.stdin:
    asyncio.run(main(Path(line.rstrip())))
    print("opened", flush=True)
"""


@pytest.mark.process
def test_processes_that_open_a_fresh_file_at_once_all_open_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _OPEN_WHEN_TOLD]
    pipe = subprocess.PIPE
    both = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, bufsize=1)
        for _ in range(2)
    ]
    try:
        _open_together(both, [tmp_path / f"{turn}.db" for turn in range(20)])
    finally:
        errors = [process.communicate()[1] for process in both]  # closes their input: they end

    assert errors == ["", ""]
    assert [process.returncode for process in both] == [0, 0]


def _open_together(processes: list[subprocess.Popen[str]], paths: list[Path]) -> None:
    answers = [process.stdout for process in processes if process.stdout]
    assert [answer.readline() for answer in answers] == ["ready\n"] * len(processes)
    for path in paths:
        for process in processes:
            assert process.stdin
            process.stdin.write(f"{path}\n")
        if [answer.readline() for answer in answers] != ["opened\n"] * len(processes):
            return  # what went wrong stands in the error output


@pytest.mark.parametrize("steps", [1, len(STEPS)])
async def test_a_store_of_an_unknown_layout_is_refused_as_it_is(path: Path, steps: int) -> None:
    async with await SqliteStore.open(path, STEPS[:steps]) as store:
        await store.chats.set_setting(Chat("test", "room"), "preview", "off")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE looks RENAME TO seen" if steps > 1 else _WITHOUT_NOTES)
    before = file_content(path)

    with pytest.raises(NotAStoreError, match="layout that no release") as refused:
        await SqliteStore.open(path)
    assert str(path) in str(refused.value)
    assert file_content(path) == before
    assert names_beside(path) == ["dateline.db"]


_WITHOUT_NOTES = "ALTER TABLE notes RENAME COLUMN value TO text"


async def test_a_store_without_posts_keeps_all_it_has(path: Path) -> None:
    chat = Chat("test", "room")
    async with await SqliteStore.open(path, STEPS[:1]) as store:
        await store.chats.set_setting(chat, "preview", "off")
    insert_plain(path, story("a"))

    async with await SqliteStore.open(path) as store:
        assert await store.chats.settings(chat) == {"preview": "off"}
        assert (await store.stories.latest(Filter(), 5)).stories[0].title == "a"
        assert await store.outbox.counts("test") == {"doubts": 0}
        assert await store.check() == []


async def test_stories_of_an_older_store_are_recognised_and_counted(path: Path) -> None:
    stories = [
        story(
            f"Story {n}",
            f"Text {n}.",
            key=f"old {n}",
            url=f"https://example.org/{n}",
            published=NOW - timedelta(days=3 * n),
        )
        for n in range(50)
    ]
    stories.append(story("Elsewhere", source="other"))
    async with await SqliteStore.open(path, STEPS[:2]):
        pass
    insert_plain(path, *stories)
    async with await SqliteStore.open(path) as store:
        upgraded = _rows(path, "SELECT * FROM story_keys")
        states = await store.sources.states()
        renamed = replace(stories[7], key="new", paragraphs=())
        known = await fetch_known(store.ingest, "wire", [renamed])
        await store.ingest.write(batch(stories))
    assert _rows(path, "SELECT * FROM story_keys") == upgraded
    assert {one.source: one.stories for one in states.values()} == {"wire": 50, "other": 1}
    assert [one.title for one in known.values()] == ["Story 7"]


async def test_stories_of_before_enclosures_were_kept_get_theirs_with_the_next_write(
    path: Path,
) -> None:
    async with await SqliteStore.open(path, STEPS[: STEPS.index(ENCLOSURES)]):
        pass
    insert_plain(path, story("Episode"))
    heard = story("Episode", enclosures=(Enclosure("https://e.org/1.mp3", "audio/mpeg", 9, 60),))
    async with await SqliteStore.open(path) as store:
        (before,) = await store.stories.by_ids([heard.id])
        await store.ingest.write(batch([heard]))
        (after,) = await store.stories.by_ids([heard.id])
    assert (before.enclosures, after.enclosures) == ((), heard.enclosures)


async def test_stories_of_before_pictures_were_told_in_words_get_the_words_with_the_next_write(
    path: Path,
) -> None:
    async with await SqliteStore.open(path, STEPS[: STEPS.index(ALT_TEXTS)]):
        pass
    insert_plain(path, story("Bridge", image="https://e.org/a.jpg"))
    more = (Enclosure("https://e.org/b.png", "image/png", alt="A ship"),)
    told = story("Bridge", image="https://e.org/a.jpg", image_alt="Two cranes", enclosures=more)
    async with await SqliteStore.open(path) as store:
        (before,) = await store.stories.by_ids([told.id])
        await store.ingest.write(batch([told]))
        (after,) = await store.stories.by_ids([told.id])
    assert (before.image_alt, after.image_alt) == ("", "Two cranes")
    assert after.enclosures == more


async def test_chats_that_were_quiet_answer_only_commands_and_keep_the_rest(path: Path) -> None:
    async with await SqliteStore.open(path, STEPS[: STEPS.index(MESSAGES)]) as store:
        for chat, value in ((QUIET_CHAT, "on"), (CHAT, "off")):
            await store.chats.set_setting(chat, "quiet", value)
            await store.chats.set_setting(chat, "preview", "off")
    async with await SqliteStore.open(path) as store:
        assert await store.chats.settings(QUIET_CHAT) == {"messages": "off", "preview": "off"}
        assert await store.chats.settings(CHAT) == {"preview": "off"}


async def test_stories_of_before_methods_were_kept_are_outdated_and_keep_their_summaries(
    path: Path,
) -> None:
    async with await SqliteStore.open(path, STEPS[: STEPS.index(SUMMARIES)]):
        pass
    told = story("Ferry", "It sails. It sinks.", summary="A ferry, and what became of it.")
    insert_plain(path, told)
    async with await SqliteStore.open(path) as store:
        (kept,) = await store.summaries.outdated("1/300", 0, 10)
        assert (kept.story.summary, kept.given, kept.method) == (told.summary, "", "")
        assert await store.summaries.count_outdated("1/300") == 1
        assert await store.check() == []


async def test_posts_of_before_outages_were_known_are_kept(path: Path) -> None:
    async with await SqliteStore.open(path, STEPS[: STEPS.index(OUTAGES)]):
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO outbox (platform, chat, thread, key, kind, story, also, state, made, due)"
            " VALUES ('x', 'x:1', '', 's', 'story', 's', '[]', 'due', 0, 0)"
        )
    async with await SqliteStore.open(path) as store:
        (post,) = await store.outbox.due("x", NOW, 5)
        assert post.key == "s"
        assert await store.outbox.hasten("x", NOW) == 0
        assert await store.outbox.claim("x", [post.id], NOW) == [post.id]


async def test_a_store_from_before_edges_were_remembered_remembers_them(path: Path) -> None:
    async with await SqliteStore.open(path, STEPS[: STEPS.index(STORY_EDGES)]):
        pass
    insert_plain(path, story("a"))
    async with await SqliteStore.open(path) as store:
        assert dict(await store.ingest.story_edges("wire")) == {}
        edges = {"a": StoryEdges(("1",), ("2",))}
        await store.ingest.keep_story_edges("wire", edges)
        assert dict(await store.ingest.story_edges("wire")) == edges
        assert await _titles(path) == {"a"}


async def test_a_store_from_before_words_were_forgotten_is_followed_as_before(
    path: Path,
) -> None:
    async with await SqliteStore.open(path, STEPS[:6]):
        pass
    with closing(sqlite3.connect(path)) as old:
        old.execute("INSERT INTO words VALUES ('tram', 2, 1), ('gone', 0, 1)")
        old.execute("UPDATE meta SET value = '1' WHERE name = 'revision'")
        old.commit()
    async with await SqliteStore.open(path) as store:
        changes = await store.search.words_since(START)
        assert (changes.counts, changes.outdated) == ({"tram": 2, "gone": 0}, False)
        later = await store.search.words_since(changes.cursor)
        assert (later.counts, later.outdated) == ({}, False)


async def test_kana_widths_and_forms_of_ideographs_are_indexed_anew(path: Path) -> None:
    stories = [story("カメラ展", "關西の催し。"), story("ＮＴＴ wins"), story("Plain", "Text.")]
    async with await SqliteStore.open(path, STEPS[: STEPS.index(VARIANTS)]):
        pass
    insert_plain(path, *stories)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE stories SET title_grams = 'カメ メラ ラ' WHERE title = 'カメラ展'"
        )
        connection.execute("UPDATE stories SET title_grams = '' WHERE title = 'ＮＴＴ wins'")
    async with await SqliteStore.open(path) as store:
        for typed, title in (("かめら", "カメラ展"), ("关西", "カメラ展"), ("ntt", "ＮＴＴ wins")):
            found = await store.search.candidates(parse(typed), Filter(), 9)
            assert [one.title for one in found] == [title]
        assert await store.check() == []


async def test_stories_of_before_beginnings_were_indexed_are_found_by_them(path: Path) -> None:
    old = [story("Trains for Paris"), story("A parade of ships", "They parked in the harbour.")]
    async with await SqliteStore.open(path, STEPS[: STEPS.index(TYPED_PREFIXES)]):
        pass
    insert_plain(path, *old)
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story("A parrot"), replace(old[0], title="Trains only")]))
        for typed, titles in (
            ("par", {"A parade of ships", "A parrot"}),
            ("parr", {"A parrot"}),
            ("parke", {"A parade of ships"}),
            ("tra", {"Trains only"}),
        ):
            query = Query(((Term((typed,), prefix=True),),))
            found = await store.search.candidates(query, Filter(), 9)
            assert {one.title for one in found} == titles
        assert await store.check() == []


async def test_a_store_from_before_hubs_were_known_has_none(path: Path) -> None:
    before = STEPS[: STEPS.index(WEBSUB)]
    async with await SqliteStore.open(path, before):
        pass
    insert_plain(path, story("a"))
    async with await SqliteStore.open(path) as store:
        assert list(await store.websub.subscriptions()) == []
        assert (await store.sources.states())["wire"].pushed_until is None
        assert await store.check() == []


async def test_stories_of_a_store_before_sources_were_shared_are_shared(path: Path) -> None:
    """Each keeps its source, is counted and found there, and is known to the next source."""
    stories = [
        story(
            f"Story {n}", f"Text {n}.", key=f"tag:town.example,2026:{n}", url=f"https://a.org/{n}"
        )
        for n in range(5)
    ]
    async with await SqliteStore.open(path, STEPS[:OLD_WITHOUT_SHARES]):
        pass
    insert_plain(path, *stories)
    async with await SqliteStore.open(path) as store:
        assert (await store.stories.latest(Filter(source="wire"), 10)).total == 5
        (kept,) = (await store.stories.latest(Filter(source="wire"), 1)).stories
        assert kept.also == ()
        states = await store.sources.states()
        assert states["wire"].stories == 5
        by_page = story("x", key="1", url="http://www.a.org/3/?utm_source=x", source="other")
        by_guid = story("x", key="tag:town.example,2026:4", source="other")
        found = await store.ingest.elsewhere("other", [by_page, by_guid])
        assert {one.story.title for one in found} == {"Story 3", "Story 4"}
        assert await store.ingest.elsewhere("wire", [by_page]) == []
        assert await store.check() == []


async def test_stories_of_a_store_before_events_were_known_are_put_into_events(path: Path) -> None:
    """None is of any at first; a rebuild finds out, without asking for another method."""
    titles = (
        "Strong quake strikes northern Chile",
        "Northern Chile struck by strong quake",
        "Rain",
    )
    async with await SqliteStore.open(path, STEPS[: STEPS.index(EVENTS)]):
        pass
    insert_plain(path, *(story(title) for title in titles))
    async with await SqliteStore.open(path) as store:
        assert await store.events.count_unplaced() == len(titles)
        assert await rebuild_events(store.events) == len(titles)
        listing = await store.stories.latest(Filter(), 10, once=True)
        assert (len(listing.stories), listing.total) == (2, 2)
        assert await store.check() == []


async def test_posts_of_a_store_before_the_audit_list_tell_what_held_them_up_from_then_on(
    path: Path,
) -> None:
    async with await SqliteStore.open(path, STEPS[: STEPS.index(AUDIT)]):
        pass
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "INSERT INTO outbox (platform, chat, thread, key, kind, story, also, state, made, due,"
            " reason) VALUES ('x', 'x:1', '', 's', 'story', 's', '[]', 'due', 0, 0, 'no answer')"
        )
        raw.commit()
    async with await SqliteStore.open(path) as store:
        (post,) = await store.outbox.of_chat(Chat("x", "1"), 10)
        for reason in ("busy", "no answer"):
            await store.outbox.claim("x", [post.id], NOW)
            await store.outbox.mark([Retry(post.id, NOW, reason)], NOW)
        await store.outbox.claim("x", [post.id], NOW)
        await store.outbox.mark([Delivery(post.id, "m")], NOW)
        traced = await store.trace.post(Chat("x", "1"), "s")
        assert traced
        assert (traced.post.reason, traced.holdups) == ("", ("no answer", "busy"))
        assert await store.audit.entries(None, 10) == []
        assert await store.check() == []


async def test_a_store_from_before_logins_lets_people_in(path: Path) -> None:
    before = STEPS[: STEPS.index(LOGINS)]
    async with await SqliteStore.open(path, before):
        pass
    insert_plain(path, story("a"))
    visitor = Visitor("x", "1", "Ada", "own")
    async with await SqliteStore.open(path) as store:
        await store.logins.add_link("key", visitor, NOW + timedelta(minutes=1))
        assert await store.logins.take_link("key", NOW) == visitor
        assert await store.check() == []


async def test_a_store_from_before_tokens_lets_programs_in(path: Path) -> None:
    before = STEPS[: STEPS.index(API_TOKENS)]
    visitor = Visitor("x", "1", "Ada", "own")
    async with await SqliteStore.open(path, before) as store:
        await store.logins.add_link("key", visitor, NOW + timedelta(minutes=1))
    token = ApiToken("report", LoginSession("token", visitor, NOW, NOW))
    async with await SqliteStore.open(path) as store:
        assert await store.logins.take_link("key", NOW) == visitor
        assert await store.logins.add_token(token)
        assert await store.logins.token("token") == token
        assert await store.check() == []
