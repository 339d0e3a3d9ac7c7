"""Matching beside the search of the store: a quoted query and a topic mean the same to both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import CHAT, batch, story

import bot
from adapters.sources.archive.source import ArchiveSource
from bot.ingest.topic_matcher import TopicMatcher
from bot.model import Source, Story, Topic
from bot.search.query import Filter, parse
from bot.subscriptions.matcher import Matcher, matches
from bot.subscriptions.model import Subscription, TargetKind
from bot.text.tokenizer import words
from store.sqlite import SqliteStore

SAMPLES = Path(bot.__file__).parent / "samples"
PROSPECT = Path(__file__).parents[2] / "shared" / "news" / "the-prospect.txt"
MANY = 1_000


@asynccontextmanager
async def holding(folder: Path, stories: Sequence[Story]) -> AsyncIterator[SqliteStore]:
    async with await SqliteStore.open(folder / "dateline.db") as store:
        await store.ingest.write(batch(stories))
        yield store


async def in_store(store: SqliteStore, text: str) -> set[str]:
    return {one.id for one in await store.search.candidates(parse(text), Filter(), MANY)}


def search(text: str, number: int = 0) -> Subscription:
    return Subscription(CHAT, TargetKind.SEARCH, text, id=number)


def fitting(stories: Iterable[Story], text: str) -> set[str]:
    """The ids of the stories that fit a search."""
    return {one.id for one in stories if matches(search(text), one)}


def fitting_each(stories: Iterable[Story], texts: Sequence[str]) -> dict[str, set[str]]:
    """The same of many searches at once."""
    matcher = Matcher()
    for number, text in enumerate(texts, 1):
        matcher.put(search(text, number))
    found = dict[str, set[str]]((text, set()) for text in texts)
    for each in stories:
        for one in matcher.matching(each):
            found[one.what].add(each.id)
    return found


async def archived(path: Path) -> list[Story]:
    source = Source(path.stem, path.stem, "archive", timedelta(hours=1))
    fetched = await ArchiveSource(source, pattern=str(path), link=None).fetch()
    return list(fetched.stories)


def quoted(text: str) -> str:
    return " ".join(f'"{word}"' for word in words(text))


def queries(one: Story) -> Iterator[tuple[str, bool]]:
    """Searches that a story may fit, and whether they are literal."""
    for line in (one.title, *(paragraph.text for paragraph in one.paragraphs[:2])):
        found = words(line)
        for start in range(0, len(found) - 1, 3):
            one_word, other = found[start], found[start + 1]
            yield f'"{one_word}"', True
            yield f'"{one_word} {other}"', True
            yield f'"{other}" "{one_word}" -"{found[0]}"', True
            yield f'"{other} {one_word}" OR "{found[-1]}"', True
            yield f'in:title "{one_word}" "{other}"', True
            yield f"{one_word} {other}", False
            yield f"{one_word}-{other} OR {found[-1]}", False


@pytest.mark.slow
@pytest.mark.parametrize("path", [*sorted(SAMPLES.glob("*.txt")), PROSPECT], ids=lambda p: p.stem)
async def test_the_stories_of_an_archive_fit_what_finds_them(tmp_path: Path, path: Path) -> None:
    if not path.exists():
        pytest.skip(f"there is no {path.name}")
    stories = await archived(path)
    asked = dict(pair for one in stories for pair in queries(one))
    fit = fitting_each(stories, list(asked))
    async with holding(tmp_path, stories) as store:
        for text, literal in asked.items():
            found = await in_store(store, text)
            assert fit[text] == found if literal else fit[text] >= found, text
    assert sum(map(bool, fit.values())) > len(asked) / 2


PIECES = st.sampled_from(
    "osaka Expo expos café CAFE bus buses 2025 йод Ёж οδός ΟΔΟΣ Straße it's well-known C++ x_y 😀 "
    "大阪 万博 大阪万博 博覧 阪 2025年 年 年の計画 大阪expo "
    "expo大阪 オサカ かなカナ 오사카 엑스포의".split()
)
BETWEEN = st.sampled_from([" ", " ", " ", "", "-", ". ", "、", "・"])
LINES = st.lists(st.tuples(PIECES, BETWEEN), min_size=1, max_size=5).map(
    lambda pairs: "".join(word + between for word, between in pairs)
)
STORIES = st.lists(
    st.builds(
        lambda title, lines, place, key: story(title, "\n".join(lines), place=place, key=str(key)),
        LINES,
        st.lists(LINES, max_size=3),
        LINES | st.just(""),
        st.integers(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one.key,
)
TERMS = LINES.map('"{}"'.format)
LITERAL = st.builds(
    lambda title, terms, without: " ".join([*title, *terms, *without]),
    st.sampled_from([[], [], ["in:title"]]),
    st.lists(TERMS | st.just("OR"), min_size=1, max_size=4),
    st.lists(TERMS.map("-{}".format), max_size=1),
)
UNQUOTED = st.builds(
    lambda words, without: " ".join([*words, *without]),
    st.lists(PIECES | TERMS | st.just("OR"), min_size=1, max_size=4),
    st.lists(PIECES.map("-{}".format), max_size=1),
)
some = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some
@given(stories=STORIES, texts=st.lists(LITERAL, min_size=1, max_size=12))
async def test_a_story_matches_a_quoted_search_that_finds_it_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, stories: list[Story], texts: list[str]
) -> None:
    async with holding(tmp_path_factory.mktemp("store"), stories) as store:
        for text in texts:
            assert fitting(stories, text) == await in_store(store, text), text


@some
@given(stories=STORIES, texts=st.lists(UNQUOTED, min_size=1, max_size=12))
async def test_a_story_matches_every_search_that_finds_it(
    tmp_path_factory: pytest.TempPathFactory, stories: list[Story], texts: list[str]
) -> None:
    async with holding(tmp_path_factory.mktemp("store"), stories) as store:
        for text in texts:
            assert fitting(stories, text) >= await in_store(store, text), text


async def in_topics(store: SqliteStore) -> dict[str, tuple[str, ...]]:
    """The topics of each story, by its id."""
    listing = await store.stories.latest(Filter(), MANY)
    return {one.id: one.topics for one in listing.stories}


def matched(stories: Sequence[Story], topics: Sequence[Topic]) -> dict[str, tuple[str, ...]]:
    matcher = TopicMatcher(topics)
    return {one.id: matcher.topics_of(one) for one in stories}


@pytest.mark.slow
@pytest.mark.parametrize("path", [*sorted(SAMPLES.glob("*.txt")), PROSPECT], ids=lambda p: p.stem)
async def test_the_stories_of_an_archive_are_of_topics_that_find_them(
    tmp_path: Path, path: Path
) -> None:
    if not path.exists():
        pytest.skip(f"there is no {path.name}")
    stories = await archived(path)
    asked = dict.fromkeys(text for one in stories for text, _ in queries(one))
    topics = [Topic(f"Topic {n}", text) for n, text in enumerate(asked)]
    async with holding(tmp_path, stories) as store:
        await store.ingest.set_topics(topics)
        assert await in_topics(store) == matched(stories, topics)


FILTERS = st.sampled_from(["source:wire", "topic:A", "since:2020-01-01", "in:title", "sort:new"])
TOPIC_QUERIES = st.builds(
    lambda filters, words: " ".join([*filters, *words]),
    st.lists(FILTERS, max_size=1),
    st.lists(
        PIECES | TERMS | st.just("OR") | LINES | PIECES.map("-{}".format) | TERMS.map("-{}".format),
        max_size=4,
    ),
)


@some
@given(
    stories=STORIES,
    texts=st.lists(TOPIC_QUERIES, min_size=1, max_size=12),
    by_source=st.sampled_from([frozenset(), frozenset({"wire"}), frozenset({"other"})]),
)
async def test_a_story_is_of_the_same_topics_however_these_are_found(
    tmp_path_factory: pytest.TempPathFactory,
    stories: list[Story],
    texts: list[str],
    by_source: frozenset[str],
) -> None:
    topics = [Topic(f"Topic {n}", text) for n, text in enumerate(texts)]
    topics.append(Topic("Sources", "osaka", by_source))
    async with holding(tmp_path_factory.mktemp("store"), stories) as store:
        await store.ingest.set_topics(topics)
        found = await in_topics(store)
        assert matched(stories, topics) == found
        # What the core has found is written, in place of what was there.
        await store.ingest.write(batch(stories, topics))
        assert await in_topics(store) == found
        assert await store.check() == []
