"""Stories and subscriptions as lines of JSON, there and back, and what is no such line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from outboxes import follow
from stories import NOW, batch, filed, story
from subscription_extras import FILTERS, POST_TEMPLATES

from bot.cli.main import main
from bot.exchange.importing import ImportReport, LineImporter
from bot.exchange.source_lines import read_source_line, source_line
from bot.exchange.story_lines import read_story, story_line
from bot.exchange.subscription_lines import read_subscription, subscription_line
from bot.ingest.added_sources import AddedSource, EditStamp
from bot.ingest.enrichment import StoryEnricher
from bot.model import Chat, Enclosure, Story, Topic
from bot.subscriptions.model import EventPosts, Subscription, TargetKind
from bot.subscriptions.post_template import PostTemplate
from bot.subscriptions.schedule import Quiet, Rhythm, Timetable
from store.sqlite import SqliteStore

STORIES = (
    story("Plain"),
    story("Café « ouvert » 東京", "# Part one\nText\nand “more”.\n# Part two", place="TOKYO"),
    story(
        "With all there is",
        "Text.",
        url="https://a.example/1?x=ü",
        image="http://a.example/p.png",
        byline="MU.",
        summary="What the publisher says.",
        categories=("Japan", "Expo 2025"),
        language="pt-BR",
        enclosures=(Enclosure("https://a.example/1.mp3", "audio/mpeg", 12, 60),),
        date_only=True,
        published=datetime(1969, 3, 1, tzinfo=UTC),
    ),
)


@pytest.mark.parametrize("one", STORIES, ids=lambda one: one.title)
def test_a_story_comes_back_as_it_was(one: Story) -> None:
    (record,) = filed([one])
    record = replace(record, given_summary=one.summary)
    back = read_story(story_line(record))
    assert back.story == one
    assert back.fingerprint == record.fingerprint
    assert back.fingerprint.sketch == record.fingerprint.sketch


RHYTHMS = (
    Timetable(),
    Timetable(Rhythm.HOURLY, hours=6),
    Timetable(Rhythm.DAILY, (time(8), time(18, 30))),
    Timetable(Rhythm.WEEKLY, (time(7),), (0, 4)),
    Timetable(Rhythm.MONTHLY, (time(23, 59),), day=31),
)
SUBSCRIPTIONS = st.builds(
    Subscription,
    st.builds(
        Chat,
        st.sampled_from(["telegram", "discord"]),
        st.from_regex(r"-?[1-9][0-9]{0,15}", fullmatch=True),
        st.sampled_from(["", "17"]),
        st.sampled_from(["", "991"]),
    ),
    st.sampled_from(TargetKind),
    st.text(max_size=50),
    st.sampled_from(RHYTHMS),
    st.sampled_from(["UTC", "Asia/Tokyo"]),
    st.sampled_from([None, Quiet(time(22), time(7, 30))]),
    st.integers(0, 50),
    st.sampled_from(["", "12345"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "user7"]),
    st.just(NOW),
    events=st.sampled_from([None, *EventPosts]),
    threads=st.booleans(),
    place=st.text(max_size=20),
    filters=FILTERS,
    template=POST_TEMPLATES,
)


@given(SUBSCRIPTIONS)
def test_a_subscription_comes_back_as_it_was(one: Subscription) -> None:
    back = read_subscription(subscription_line(one))
    assert back == one
    assert (back.chat.thread, back.chat.house, back.place) == (
        *(one.chat.thread, one.chat.house),
        one.place,
    )


PLAIN = Subscription(Chat("telegram", "5"), TargetKind.EVERYTHING, "", made=NOW)


def test_a_line_without_filters_and_template_is_as_it_was() -> None:
    line = json.loads(subscription_line(PLAIN))
    assert not {"filters", "template", "threads"} & line.keys()


@pytest.mark.parametrize(
    "text", ["{nothing}", "Hello", "{title", "{for x in y}{title}{/}", "{title}" + "x" * 1_000]
)
def test_a_template_that_cannot_be_read_is_not_imported(text: str) -> None:
    template = PostTemplate(text="{title}")
    line = subscription_line(replace(PLAIN, template=template))
    with pytest.raises(ValueError, match="template"):
        read_subscription(line.replace(b"{title}", text.encode()))


def changed(**values: object) -> bytes:
    """The line of a story with other values."""
    return json.dumps(json.loads(story_line(filed([STORIES[1]])[0])) | values).encode()


REFUSED = {
    b"not json": "no JSON",
    b"[" * 100_000: "no JSON",
    b"[]": "none of",
    b'{"kind": "chat"}': "none of",
    b'{"kind": "story"}': "required",
    b'{"kind": "subscription", "chat": 1}': "",
    changed(url="javascript:alert(1)"): "web address",
    changed(image="file:///etc/passwd"): "web address",
    changed(id="../../etc/1"): "pattern",
    changed(source="A B"): "pattern",
    changed(published="2026-11-20T08:00:00"): "zone",
    changed(published="yesterday"): "published",
    changed(title="\u200b \u202e"): "title",
    changed(sketch="&&&"): "",
    changed(extra=1): "extra",
}


@pytest.fixture
async def store(tmp_path: Path) -> SqliteStore:
    return await SqliteStore.open(tmp_path / "dateline.db")


async def imported(store: SqliteStore, *lines: bytes) -> ImportReport:
    return await LineImporter(store, StoryEnricher((Topic("Cafés", "café"),)).enrich, NOW).add(
        lines
    )


async def test_a_line_that_is_none_is_named_and_stops_no_other(store: SqliteStore) -> None:
    good = story_line(filed([STORIES[0]])[0])
    async with store:
        report = await imported(store, *REFUSED, b"", b"  \n", good)
        assert (report.stories, report.subscriptions, report.known) == (1, 0, 0)
        assert [number for number, _ in report.unusable] == list(range(1, len(REFUSED) + 1))
        for (_, reason), expected in zip(report.unusable, REFUSED.values(), strict=True):
            assert expected in reason, reason
            assert "\n" not in reason


async def test_what_is_there_is_kept_and_what_is_new_is_found_and_posted_nowhere(
    store: SqliteStore,
) -> None:
    async with store:
        await follow(store)
        mine = replace(STORIES[0], summary="As it was edited here.")
        await store.ingest.write(batch([mine]))
        lines = [story_line(one) for one in filed(STORIES)]
        report = await imported(store, *lines, lines[1])
        assert (report.stories, report.known) == (2, 1)
        (kept,) = await store.stories.by_ids([mine.id])
        assert kept.summary == mine.summary
        (found,) = await store.stories.by_ids([STORIES[1].id])
        assert found.paragraphs == STORIES[1].paragraphs
        assert await store.outbox.counts("scripted") == {"doubts": 0}
        assert await store.check() == []


async def test_hidden_signs_and_breaks_of_lines_do_not_come_in(store: SqliteStore) -> None:
    async with store:
        line = changed(
            title="A\u0000 b\u202e\nc", paragraphs=[{"text": "x\n\ny", "heading": False}]
        )
        await imported(store, line)
        (one,) = await store.stories.by_ids([STORIES[1].id])
        assert one.title == "A b c"
        assert one.text == "x y"


async def test_a_subscription_that_the_chat_has_stays_as_it_is(store: SqliteStore) -> None:
    async with store:
        mine = await follow(store, when=Timetable(Rhythm.DAILY))
        other = replace(mine, what="other", when=Timetable(), id=0)
        lines = [subscription_line(replace(mine, when=Timetable())), subscription_line(other)]
        report = await imported(store, *lines)
        assert (report.subscriptions, report.known) == (1, 1)
        found = {one.what: one.when for one in await store.subscriptions.of(mine.chat)}
        assert found == {"wire": Timetable(Rhythm.DAILY), "other": Timetable()}


ARCHIVE = "\n###\n".join(
    f"Headline {n}\n\nOSLO, Nov. {n}, 2026—It happened on day {n}. It was cold.\n\nMore.\n"
    for n in range(1, 21)
)
CONFIG = """
[[sources]]
id = "wire"
kind = "archive"
path = "wire.txt"
[store]
path = "{name}.db"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "wire.txt").write_text(ARCHIVE, "utf-8")
    for name in ("old", "new"):
        (tmp_path / f"{name}.toml").write_text(CONFIG.format(name=name), "utf-8")
    return tmp_path


def run(home: Path, name: str, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["--config", str(home / f"{name}.toml"), *arguments])
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.slow
def test_another_dateline_goes_on_where_the_first_was(home: Path) -> None:
    run(home, "old", "load")
    lines = home / "stories.jsonl"
    assert "20 stories written" in run(home, "old", "export", "stories", "-o", str(lines))
    assert "exists already" in run(home, "old", "export", "stories", "-o", str(lines), code=2)
    assert oct(lines.stat().st_mode & 0o777) == "0o600"
    assert run(home, "old", "export", "stories").encode() == lines.read_bytes()
    assert run(home, "old", "export", "subscriptions") == ""
    told = run(home, "new", "import", str(lines))
    assert told == "20 stories and 0 subscriptions added, 0 already known\n"
    assert "20 already known" in run(home, "new", "import", str(lines))
    assert run(home, "new", "load").startswith("wire: 0 new, 0 changed, 20 unchanged")
    with lines.open("ab") as more:
        more.write(b"{broken\n")
    assert "line 21: it is no JSON" in run(home, "new", "import", str(lines), code=5)
    asked = run(home, "new", "ask", "/search headline 7")
    assert "Headline 7" in asked


@pytest.mark.slow
def test_old_stories_are_pruned_when_asked(home: Path) -> None:
    run(home, "old", "load")
    assert "all stories are kept" in run(home, "old", "prune", code=3)
    old = (datetime.now(UTC) - timedelta(days=8)).date()
    (home / "wire.txt").write_text(ARCHIVE, "utf-8")
    path = home / "old.toml"
    path.write_text(path.read_text("utf-8") + 'keep = "7d"\n', "utf-8")
    told = run(home, "old", "prune")
    assert "stories forgotten; the file has" in told, (told, old)
    assert "0 stories forgotten" in run(home, "old", "prune")


SETTINGS = st.dictionaries(
    st.text(min_size=1, max_size=20),
    st.text(max_size=50)
    | st.booleans()
    | st.integers(-(2**31), 2**31)
    | st.lists(st.text(max_size=20), max_size=5).map(tuple),
    max_size=10,
)
ADDED = st.builds(
    AddedSource,
    st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True),
    SETTINGS,
    st.builds(
        EditStamp,
        st.datetimes(timezones=st.just(UTC)),
        st.sampled_from(["telegram", "discord", ""]),
        st.from_regex(r"[0-9]{0,18}", fullmatch=True),
        st.text(max_size=50),
    ),
)


@given(one=ADDED, paused=st.booleans())
def test_an_added_source_comes_back_as_it_was(one: AddedSource, *, paused: bool) -> None:
    line = source_line(one, paused=paused)
    assert b"\n" not in line
    assert read_source_line(line) == (one, paused)


def _source(**changes: object) -> bytes:
    stamp = EditStamp(NOW, "telegram", "7", "Ada")
    one = AddedSource("a", {"kind": "feed", "url": "https://a.example/feed"}, stamp)
    return json.dumps(json.loads(source_line(one, paused=True)) | changes).encode()


async def test_added_sources_are_imported_once_with_who_added_them(store: SqliteStore) -> None:
    async with store:
        report = await imported(store, _source(), _source(), _source(id="b", paused=False))
        assert (report.sources, report.known, report.unusable) == (2, 1, [])
        edits = await store.source_edits.edits()
        assert [(one.id, one.added.name) for one in edits.added] == [("a", "Ada"), ("b", "Ada")]
        assert edits.paused.keys() == {"a"}


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "../etc"},
        {"id": ""},
        {"settings": {"url": {"a": 1}}},
        {"settings": {"url": None}},
        {"settings": []},
        {"at": "yesterday"},
        {"at": "2026-01-01T00:00:00"},
        {"person": "a b"},
        {"paused": "perhaps"},
        {"more": 1},
    ],
    ids=str,
)
async def test_a_line_that_is_no_added_source_is_refused(
    store: SqliteStore, changes: dict[str, object]
) -> None:
    async with store:
        report = await imported(store, _source(**changes))
        assert (report.sources, len(report.unusable)) == (0, 1)


OF_A_FEED = """
[[sources]]
id = "mine"
kind = "feed"
url = "https://mine.example/feed"
"""


@pytest.mark.slow
def test_the_command_line_exports_added_sources_and_imports_what_the_file_lacks(
    tmp_path: Path,
) -> None:
    config, lines = tmp_path / "config.toml", tmp_path / "lines"
    config.write_text(OF_A_FEED)
    good = {"kind": "feed", "url": "https://a.example/feed", "topics": ["Ports"]}
    lines.write_bytes(
        b"\n".join(
            (
                _source(settings=good),
                _source(id="b", settings={**good, "url": "http://www.mine.example/feed/"}),
                _source(id="mine", settings={**good, "url": "https://c.example/feed"}),
                _source(id="d", settings={**good, "url": "https://d.example/f", "path": "/etc"}),
                _source(id="e", settings={**good, "url": "https://e.example/f", "every": "1s"}),
            )
        )
    )
    run = CliRunner().invoke
    done = run(main, ["--config", str(config), "import", str(lines)])
    assert done.exit_code == 5, done.output
    assert "1 sources added, 2 already known, 2 could not be used" in done.output
    assert "line 4: path:" in done.output
    assert "line 5: every: expected a time" in done.output
    exported = run(main, ["--config", str(config), "export", "sources"])
    assert exported.exit_code == 0, exported.output
    one, is_paused = read_source_line(exported.stdout.strip().encode())
    assert (one.id, dict(one.settings), is_paused) == ("a", {**good, "topics": ("Ports",)}, True)
