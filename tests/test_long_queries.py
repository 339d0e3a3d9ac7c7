"""Questions that are made to cost much: counted in words, postings and memory, not in time."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from long_queries import COMMON, JOINERS, long_queries
from newsdesk import TestDesk
from stores import EVERYTHING
from stories import MODERATOR, READER, batch, story

from bot.model import Chat, Story
from bot.search.budget import MAX_WORK, Budget
from bot.search.engine import SearchEngine
from bot.search.expansion import fuzzy_plan, literal_plan, two_typos_plan, typo_plan
from bot.search.plan import Plan
from bot.search.query import MAX_WORDS, Query, parse
from bot.search.vocabulary import Vocabulary
from bot.subscriptions.criteria import criteria
from bot.subscriptions.model import Subscription, TargetKind
from bot.text.stemming import new_stemmer
from store.connection import SqliteConnections
from store.fts_query import match_query

pytestmark = pytest.mark.slow

LONG = dict(long_queries())
MEMORY = 20 << 20  # bytes
PHRASES = 600 + 2 * MAX_WORDS  # of an expression: what is searched for, and what is left out
COUNTS = {word: 90_000 // (at + 1) for at, word in enumerate(COMMON)}
VOCABULARY = Vocabulary()
VOCABULARY.update({**COUNTS, **{f"{word}s": 9 for word in COMMON if word not in ("a", "i")}})
STEPS: tuple[Callable[[Query, Vocabulary], Plan], ...] = (
    literal_plan,
    typo_plan,
    two_typos_plan,
    fuzzy_plan,
)


def _news() -> Iterable[Story]:
    for number in range(40):
        words = " ".join(COMMON[number % 20 : number % 20 + 30])
        yield story(f"{number} {words[:60]}", f"{words} 大阪万博の費用 expo", key=str(number))


def _phrases(query: Query) -> int:
    """The words and phrases of the expression that the index is asked with."""
    return match_query(query).count('"') // 2 if query else 0


@pytest.mark.parametrize("name", LONG)
def test_a_query_has_so_many_words_at_most_whatever_joins_them(name: str) -> None:
    query = parse(LONG[name])
    terms = [*query.terms, *query.without]

    assert sum(len(term.words) for term in terms) <= MAX_WORDS
    assert sum(len(parse(term.typed).words) for term in terms) <= MAX_WORDS


@pytest.mark.parametrize("joiner", JOINERS.values(), ids=JOINERS)
def test_what_is_cut_off_is_known_and_the_first_words_are_kept(joiner: str) -> None:
    long, short = parse(joiner.join(COMMON * 4)), parse(joiner.join(COMMON[:8]))

    assert (long.cut, short.cut) == (True, False)
    assert short.words == tuple(COMMON[:8]) or not joiner.strip("\ue000\u0902")
    assert long.words[:8] == short.words


def test_a_phrase_that_says_one_word_again_and_again_is_cut_sooner() -> None:
    (term,) = parse(f'"{"the " * 200}"').terms
    (verse,) = parse('"a rose is a rose is a rose is a rose"').terms

    assert len(term.words) == 4
    assert len(verse.words) == 11


@pytest.mark.parametrize("name", LONG)
def test_an_expression_has_a_bound_and_its_work_is_counted(name: str) -> None:
    query = parse(LONG[name])
    for step in STEPS if query else ():
        plan = step(query, VOCABULARY)
        assert _phrases(plan.query) <= PHRASES
        assert sum(len(one.forms) for group in plan.ranking for one in group) <= PHRASES
        assert plan.work > 0 or not query


def test_what_would_cost_too_much_is_not_begun() -> None:
    budget = Budget(100)

    assert budget.spend(60)
    assert not budget.spend(60)
    assert budget.exhausted
    assert budget.spend(40)
    dear = parse(" ".join(COMMON[:30]))
    assert sum(step(dear, VOCABULARY).work for step in STEPS) > MAX_WORK


@pytest.mark.parametrize(("command", "option"), [("search", "words"), ("related", "story")])
async def test_no_question_takes_much_memory(desk: TestDesk, command: str, option: str) -> None:
    await desk.store.ingest.write(batch(_news()))
    await desk.dispatcher.services.search.warm()
    for name, text in LONG.items():
        tracemalloc.start()
        await desk.dispatcher.dispatch(command, {option: text}, READER, Chat("test", "room"))
        await desk.dispatcher.complete(command, option, text, READER)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MEMORY, name


async def test_a_question_that_is_cut_is_answered_with_a_note(desk: TestDesk) -> None:
    await desk.store.ingest.write(batch(_news()))
    reply = await desk.ask(f"/search {'-'.join(COMMON * 4)}")
    short = await desk.ask("/search the-to-in-of")

    note = "That is a lot to search for, so I searched for only part of it."
    assert reply.cards
    assert note in reply.notes
    assert note not in short.notes


async def test_a_budget_that_is_spent_still_finds_what_was_typed(desk: TestDesk) -> None:
    await desk.store.ingest.write(batch([*_news(), story("Osaka Expo opens")]))
    engine: SearchEngine = desk.dispatcher.services.search
    found = await engine.find(parse("osaka expo"), EVERYTHING, Budget(0))
    misspelt = await engine.find(parse("osaka expoo openz"), EVERYTHING, Budget(0))

    assert [hit.title for hit in found.hits] == ["Osaka Expo opens"]
    assert misspelt.cut
    assert misspelt.hits[0].title == "Osaka Expo opens"  # by its rare word


@pytest.mark.parametrize("name", LONG)
def test_a_standing_search_has_so_many_words_at_most(name: str) -> None:
    followed = Subscription(Chat("test", "room"), TargetKind.SEARCH, LONG[name])
    found = criteria(followed, new_stemmer())

    assert len(found) <= MAX_WORDS
    for one in found:
        needs = (one.needs, *one.without)
        assert sum(len(need.keys) + len(need.either) for need in needs) <= 2 * MAX_WORDS


async def test_what_is_followed_says_that_it_was_cut(desk: TestDesk) -> None:
    await desk.store.ingest.write(batch(_news()))
    reply = await desk.ask(f"/subscribe osaka-{'-'.join(COMMON * 4)}", MODERATOR)

    assert any("very long" in note for note in (*reply.notes, *reply.text))


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def test_a_statement_that_is_cancelled_ends_and_frees_its_reader(tmp_path: Path) -> None:
    connections = SqliteConnections(tmp_path / "news.db")
    await connections.open_writer()
    await connections.open_readers()
    try:
        for _ in range(2):
            running = [asyncio.create_task(connections.rows(ENDLESS)) for _ in range(5)]
            await asyncio.sleep(0.05)
            for task in running:
                task.cancel()
            ended = await asyncio.gather(*running, return_exceptions=True)
            assert all(isinstance(one, asyncio.CancelledError) for one in ended)
        together = await asyncio.gather(*(connections.rows("SELECT 7") for _ in range(9)))
        assert [rows[0][0] for rows in together] == [7] * 9
    finally:
        await connections.aclose()


PIECES = st.sampled_from(
    [*COMMON[:24], *JOINERS.values(), '"', " ", " -", " OR ", "in:title ", "万博", "expo", "zzqx"]
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=60), st.integers(1, 12))
async def test_no_mixture_costs_more(desk: TestDesk, pieces: list[str], times: int) -> None:
    text = "".join(pieces) * times
    query = parse(text)
    plans = [step(query, VOCABULARY) for step in STEPS] if query else []
    tracemalloc.start()
    await desk.ask(f"/search {text}")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < MEMORY
    assert sum(len(term.words) for term in (*query.terms, *query.without)) <= MAX_WORDS
    assert all(_phrases(plan.query) <= PHRASES for plan in plans)
