"""What is PostgreSQL's own: placeholders, its schema, lost connections, notifications, locks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, closing

import psycopg
import pytest
from postgres_server import databases, find_binaries
from stores import found
from stories import CHAT, batch, story

from bot.changes import Change
from bot.errors import NotAStoreError, StoreBusyError, StoreError, StoreNewerError
from bot.search.ports import START
from bot.search.query import Filter, parse
from store.postgres.connections import WRITE_LOCK, PostgresConnections
from store.postgres.functions import CHANGES
from store.postgres.notifications import Notification, notifications, notify
from store.postgres.placeholders import translate
from store.postgres.schema import STEPS, Step
from store.postgres.store import PostgresStore
from store.postgres.ts_query import query_expression, story_vector

needs_server = pytest.mark.skipif(
    not find_binaries(), reason="PostgreSQL's server is not installed"
)
on_server = [pytest.mark.server, pytest.mark.process, needs_server]


_END_ALL = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND application_name = 'dateline'
"""
_END_LISTENING = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%'
"""


@pytest.mark.parametrize(
    ("statement", "translated"),
    [
        ("SELECT ? WHERE a = :name", "SELECT %s WHERE a = %(name)s"),
        ("SELECT ':no', '?', 'it''s ?' WHERE a = ?", "SELECT ':no', '?', 'it''s ?' WHERE a = %s"),
        ("a % 5 = 0 AND b LIKE 'x%'", "a %% 5 = 0 AND b LIKE 'x%%'"),
        ('SELECT ":a" -- what? :b 100 %\n, :c', 'SELECT ":a" -- what? :b 100 %%\n, %(c)s'),
        ("x::bigint = :x", "x::bigint = %(x)s"),
        ("FROM t INDEXED BY t_by_x WHERE x = ?", "FROM t  WHERE x = %s"),
    ],
)
def test_placeholders_are_those_of_the_driver(statement: str, translated: str) -> None:
    assert translate(statement) == translated


@pytest.mark.parametrize(
    ("asked", "expression"),
    [
        ("osaka expo", "(('osaka') & ('expo'))"),
        ('"osaka expo" OR bus', "((('osaka' <-> 'expo'))) | ((('bus')))"),
        ("in:title expo -strike", "((('^expo'))) & !((('strike')))"),
        ("it's", "((('it' <-> 's')))"),
        ("a\\b", "((('a' <-> 'b')))"),
        ("大阪", "((('大阪':D)))"),
    ],
)
def test_queries_are_phrases_of_quoted_words(asked: str, expression: str) -> None:
    plain = query_expression(parse(asked)).replace("(", "").replace(")", "")
    assert plain == expression.replace("(", "").replace(")", "")


def test_what_a_title_holds_stands_in_the_index_by_itself_too() -> None:
    story = {"title": "Expo", "title_grams": "", "place": "Osaka", "body": "An expo", "grams": ""}
    assert story_vector(story) == "'expo':1C,10C '^expo':1C 'osaka':6C 'an':9C"


def test_a_huge_text_is_indexed_within_what_the_server_takes() -> None:
    texts = {"title": "Huge", "title_grams": "", "place": "", "grams": ""}
    bodies = [" ".join(f"word{n}" for n in range(200_000)), "x" * 2_000_000, "same " * 300_000]
    for body in bodies:
        assert len(story_vector({**texts, "body": body}).encode()) < 1_000_000


@pytest.fixture
def url() -> Iterator[str]:
    with databases().one() as lent:
        yield lent


@pytest.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    async with await PostgresStore.open(url) as opened:
        yield opened


def _execute(url: str, statement: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(statement.encode())


def _set_version(url: str, version: int, least: int) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute("UPDATE schema_version SET version = %s, least = %s", (version, least))


async def _fail(store: PostgresStore) -> None:
    async with store.connections.transaction() as writer:
        await notify(writer, "stories", "never")
        raise KeyError


class TestSchema:
    pytestmark = on_server

    async def test_a_newer_step_is_made_once_while_an_older_process_runs(self, url: str) -> None:
        newer = (*STEPS, Step(("CREATE TABLE added (row BIGINT)",)))
        async with await PostgresStore.open(url) as older:
            opened = await asyncio.gather(*(PostgresStore.open(url, newer) for _ in range(3)))
            for one in opened:
                await one.aclose()
            await older.chats.set_note("still", "here")
            async with await PostgresStore.open(url) as again:
                assert await again.chats.note("still") == "here"
        _execute(url, "DROP TABLE added")
        _set_version(url, len(STEPS), 1)

    async def test_a_process_that_is_too_old_is_shut_out(self, url: str) -> None:
        _set_version(url, 9, len(STEPS) + 1)
        try:
            with pytest.raises(StoreNewerError, match="upgrade Dateline"):
                await PostgresStore.open(url)
        finally:
            _set_version(url, len(STEPS), 1)

    async def test_a_step_that_fails_leaves_everything_as_it_was(self, url: str) -> None:
        broken = (*STEPS, Step(("CREATE TABLE half (row BIGINT)", "CREATE nonsense")))
        with pytest.raises(StoreError, match="cannot be used"):
            await PostgresStore.open(url, broken)
        async with await PostgresStore.open(url) as store:
            (row,) = await store.connections.rows("SELECT to_regclass('half')")
            assert row[0] is None

    async def test_another_programs_tables_are_left_alone(self, url: str) -> None:
        _execute(url, "ALTER TABLE schema_version RENAME TO other")
        try:
            with pytest.raises(NotAStoreError):
                await PostgresStore.open(url)
        finally:
            _execute(url, "ALTER TABLE other RENAME TO schema_version")


class TestConnections:
    pytestmark = on_server

    async def test_a_lost_connection_is_replaced(self, store: PostgresStore, url: str) -> None:
        await store.chats.set_note("before", "1")
        _execute(url, _END_ALL)
        assert await store.chats.note("before") == "1"
        await store.chats.set_note("after", "2")
        assert await store.chats.note("after") == "2"

    async def test_where_one_was_lost_the_others_are_replaced_too(
        self, store: PostgresStore, url: str
    ) -> None:
        notes = [store.chats.note(str(n)) for n in range(20)]
        await asyncio.gather(*notes)  # by several connections
        _execute(url, _END_ALL)
        with pytest.raises(StoreBusyError):
            await store.chats.set_note("lost", "1")  # nobody knows yet
        for turn in range(10):
            await store.chats.set_note("kept", str(turn))
        assert await store.chats.note("kept") == "9"

    async def test_who_waits_for_an_answer_is_told_that_others_write(
        self, store: PostgresStore, url: str
    ) -> None:
        with closing(psycopg.connect(url)) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
            with pytest.raises(StoreBusyError):
                await store.chats.set_setting(CHAT, "preview", "off")
            assert await store.chats.settings(CHAT) == {}  # nobody who reads waits
        await store.chats.set_setting(CHAT, "preview", "off")

    @pytest.mark.parametrize(
        "broken",
        [
            "postgresql://reader:hidden-word@127.0.0.1:1/dateline",
            "postgresql://reader:hidden-word@127.0.0.1:1/dateline?connect_timeout=nonsense",
            "postgresql://reader:hidden-word@127.0.0.1:1/dateline?no_such=setting",
        ],
    )
    async def test_no_message_tells_the_password(self, broken: str) -> None:
        with pytest.raises(StoreError) as raised:
            await PostgresStore.open(broken)
        assert "hidden-word" not in str(raised.value)

    @pytest.mark.parametrize(
        "slow",
        [
            "SELECT pg_sleep(600)",
            "SELECT count(*) FROM generate_series(1, 40000) AS a, generate_series(1, 40000) AS b",
            "SELECT sum(length(repeat('expo ', n))) FROM generate_series(1, 4000000) AS n",
        ],
    )
    async def test_a_statement_that_takes_too_long_is_ended_and_its_connection_free(
        self, store: PostgresStore, slow: str
    ) -> None:
        (before,) = await store.connections.rows("SELECT pg_backend_pid()")
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await store.connections.rows(slow)
        (row,) = await store.connections.rows(
            "SELECT pg_backend_pid(), (SELECT count(*) FROM pg_stat_activity"
            " WHERE state = 'active' AND datname = current_database()"
            " AND backend_type = 'client backend')"  # autovacuum looks in, too
        )
        assert (row[0], row[1]) == (before[0], 1)  # none but this one

    async def test_texts_with_a_nul_are_kept_without_it(self, store: PostgresStore) -> None:
        await store.ingest.write(batch([story("No\0thing", "A te\0xt about expo.")]))
        assert await found(store, "expo") == {"Nothing"}


async def _pages_pending(store: PostgresStore) -> int:
    """Moves what waits to get into the index of words, and returns how many pages that was."""
    pages = "SELECT gin_clean_pending_list('story_texts_by_word')"
    ((count,),) = await store.connections.rows(pages)
    return int(count)


async def _scans(store: PostgresStore) -> int:
    """Returns how often the index of words was looked into, ever."""
    await store.connections.rows("SELECT pg_stat_force_next_flush()")
    ((scans,),) = await store.connections.rows(
        "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'story_texts_by_word'"
    )
    return int(scans)


async def _plan(store: PostgresStore, asked: str) -> str:
    """Returns how the server would find the newest stories that match."""
    rows = await store.connections.rows(
        "EXPLAIN SELECT rowid FROM stories_fts(?) ORDER BY rowid DESC LIMIT 10",
        (query_expression(parse(asked)),),
    )
    return "\n".join(row[0] for row in rows)


class TestTextIndex:
    pytestmark = on_server

    async def test_what_was_written_is_moved_into_the_index(self, store: PostgresStore) -> None:
        await store.ingest.write(batch([story("Harbour", "A tunnel.")]))
        assert await _pages_pending(store) > 0
        await store.ingest.write(batch([story("Tunnel", "A harbour.")]))
        assert not await store.search.merge_index()
        assert await _pages_pending(store) == 0
        assert await found(store, "harbour tunnel") == {"Harbour", "Tunnel"}

    @pytest.mark.slow
    async def test_rare_words_are_looked_up_and_of_common_ones_the_newest_are_taken(
        self, store: PostgresStore, url: str
    ) -> None:
        long = " ".join(f"word{n}" for n in range(300))
        texts = [f"{'rare' if n % 50 == 0 else 'a'} tunnel {long}" for n in range(300)]
        await store.ingest.write(
            batch([story(f"Harbour {n}", text) for n, text in enumerate(texts)])
        )
        await store.search.merge_index()
        _execute(url, "ANALYZE")
        by_index = {
            "rare": True,
            "rare harbour": True,
            '"rare tunnel"': True,
            "rare OR seldom": True,
            "harbour": False,
            "harbour OR rare": False,
            "harbour tunnel": False,
        }
        planned = {asked: await _plan(store, asked) for asked in by_index}
        assert {asked: "_by_word" in plan for asked, plan in planned.items()} == by_index

    @pytest.mark.parametrize("asked", ["harbour", "rare", '"harbour tunnel"', "harbour -rare"])
    async def test_no_search_is_planned_for_any_words(
        self, store: PostgresStore, asked: str
    ) -> None:
        stories = [story(f"Harbour {n}", "rare" if n % 40 == 0 else "a tunnel") for n in range(80)]
        await store.ingest.write(batch(stories))
        for _ in range(12):  # a statement is kept with a plan of its own after some
            await found(store, asked)
        async with store.connections.reading() as reader:
            kept = await reader.execute_fetchall(
                "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%stories_fts%'"
            )
        assert [*kept] == []

    async def test_what_few_stories_hold_is_planned_once(self, store: PostgresStore) -> None:
        await store.ingest.write(batch([story(f"Harbour {n}", "rare") for n in range(80)]))
        for n in range(12):
            asked = parse(f"rare {n}" if n % 2 else "rare OR (harbour 7)")
            await store.search.candidates(asked, Filter(), 5, most=90)
        async with store.connections.reading() as reader:
            kept = await reader.execute_fetchall(
                "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
                " WHERE statement LIKE '%newest_few_fts%'"
            )
        ((generic, custom),) = kept
        assert (generic > 0, custom <= 5) == (True, True)

    async def test_what_few_stories_hold_is_found_by_the_index_in_the_smallest_store(
        self, store: PostgresStore
    ) -> None:
        await store.ingest.write(batch([story("Harbour", "rare"), story("Tunnel", "rare")]))
        before = await _scans(store)
        await store.search.candidates(parse("rare harbour"), Filter(), 5, most=2)
        assert await _scans(store) == before + 1

    async def test_the_newest_of_few_are_given_or_all(self, store: PostgresStore) -> None:
        await store.ingest.write(batch([story(f"Harbour {n}", "rare") for n in range(8)]))
        given = [
            [row[0] for row in await store.connections.rows(statement, (limit,))]
            for statement in ("SELECT rowid FROM newest_few_fts('rare & harbour', ?)",)
            for limit in (3, None)
        ]
        assert len(given[1]) == 8
        assert given[0] == sorted(given[1], reverse=True)[:3]


class TestNotifications:
    pytestmark = on_server

    async def test_what_is_committed_is_told_and_a_lost_connection_tells_that_anything_may_be(
        self, store: PostgresStore, url: str
    ) -> None:
        listening = notifications(url, "the store", ["stories"])
        async with aclosing(listening) as told:
            assert await anext(told) == Notification()
            async with store.connections.transaction() as writer:
                await notify(writer, "stories", "12")
            assert await anext(told) == Notification("stories", "12")
            _execute(url, _END_LISTENING)
            assert await anext(told) == Notification(is_lost=True)
            assert await anext(told) == Notification()
            async with store.connections.transaction() as writer:
                await notify(writer, "others")
                await notify(writer, "stories", "13")
            assert await anext(told) == Notification("stories", "13")

    async def test_what_is_rolled_back_is_not_told(self, store: PostgresStore, url: str) -> None:
        async with aclosing(notifications(url, "the store", ["stories"])) as told:
            await anext(told)
            with pytest.raises(KeyError):
                await _fail(store)
            async with store.connections.transaction() as writer:
                await notify(writer, "stories", "ever")
            assert await anext(told) == Notification("stories", "ever")


class TestStoriesTold:
    pytestmark = on_server

    async def test_stories_of_another_process_are_told_and_seen_at_once(
        self, store: PostgresStore, url: str
    ) -> None:
        async with (
            await PostgresStore.open(url) as other,
            aclosing(store.changes.follow()) as changes,
        ):
            assert await anext(changes) is Change.ANYTHING
            cursor = (await store.search.words_since(START)).cursor
            for turn, title in enumerate(["harbour", "tunnel", "tramway"]):
                await other.ingest.write(batch([story(title)]))
                assert await anext(changes) is Change.STORIES
                changed = await store.search.words_since(cursor)
                assert changed.counts == {title: 1}
                assert len((await store.search.titles_since(START)).titles) == turn + 1
                cursor = changed.cursor

    async def test_while_nothing_is_told_nothing_is_asked(self, store: PostgresStore) -> None:
        await store.ingest.write(batch([story("harbour")]))
        assert isinstance(store.connections, PostgresConnections)
        store.connections.hear_of_stories(is_told=True)
        cursor = (await store.search.titles_since(START)).cursor
        assert not (await store.search.titles_since(cursor)).titles
        async with await psycopg.AsyncConnection.connect(store.connections.conninfo) as behind:
            await behind.execute("UPDATE stories SET title = 'unseen', revision = revision + 9")

        assert not (await store.search.titles_since(cursor)).titles
        store.connections.hear_of_stories(is_told=True)
        assert [*(await store.search.titles_since(cursor)).titles.values()] == ["unseen"]

    async def test_who_is_not_told_any_more_looks_and_listens_again(
        self, store: PostgresStore, url: str
    ) -> None:
        moment = store.connections.moment
        async with aclosing(store.changes.follow()) as changes:
            assert moment().told is None
            await anext(changes)
            told = moment().told
            assert told is not None
            _execute(url, _END_LISTENING)
            following = asyncio.ensure_future(anext(changes))
            while moment().told is not None:
                await asyncio.sleep(0.01)
            assert await following is Change.ANYTHING
            assert moment().told not in {None, told}
        assert moment().told is None

    async def test_what_only_a_newer_process_knows_is_passed_over(
        self, store: PostgresStore
    ) -> None:
        async with aclosing(store.changes.follow()) as changes:
            await anext(changes)
            async with store.connections.transaction() as writer:
                await notify(writer, CHANGES, "weather 12")
                await notify(writer, CHANGES, "settings 12")
            assert await anext(changes) is Change.SETTINGS


class TestPlatformLock:
    pytestmark = on_server

    async def test_one_process_posts_and_another_one_once_it_has_gone(
        self, store: PostgresStore, url: str
    ) -> None:
        async with await PostgresStore.open(url) as standby:
            assert await store.outbox.lock_platform("telegram")
            assert await store.outbox.lock_platform("telegram")
            assert not await standby.outbox.lock_platform("telegram")
            assert await standby.outbox.lock_platform("discord")
            await store.outbox.aclose()
            while not await standby.outbox.lock_platform("telegram"):
                await asyncio.sleep(0.01)  # until the server has ended the session
