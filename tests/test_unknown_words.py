"""Words that no story holds are not searched for, and words that too much begins with not all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.engine import SearchEngine
from bot.search.expansion import literal_plan, typo_plan
from bot.search.plan import weigh
from bot.search.query import Term, parse
from bot.search.spelling import PrefixIndex, SortedWords, StemIndex
from bot.search.vocabulary import Vocabulary

__all__ = ["open_store", "store"]


def test_a_plain_word_is_unknown_where_all_words_are_known() -> None:
    known = Vocabulary.from_counts({"osaka": 3})

    assert known.is_unknown("kobe")
    assert not any(map(known.is_unknown, ["osaka", "café", "大阪", "x" * 41, ""]))
    known.is_behind = True
    assert not known.is_unknown("kobe")


def test_nothing_is_surely_unknown_to_a_full_vocabulary() -> None:
    full = Vocabulary(max_common=1, max_unique=1)
    full.update({"osaka": 3, "expo": 1})
    assert not full.is_unknown("kobe")


@pytest.mark.parametrize(
    ("text", "hopeless"),
    [
        ("osaka", False),
        ("osaka kobe", True),
        ("osaka OR kobe", False),
        ("kobe OR nara", True),
        ('"osaka kobe"', True),
        ("大阪", False),
        ("osaka café", True),
        ("osaka øre", False),
    ],
)
def test_a_plan_is_hopeless_when_each_alternative_lacks_a_word(text: str, hopeless: bool) -> None:
    assert literal_plan(parse(text), Vocabulary.from_counts({"osaka": 3})).is_hopeless is hopeless


def test_a_plan_with_something_like_the_word_is_not_hopeless() -> None:
    known = Vocabulary.from_counts({"osaka": 3, "expo": 2})
    assert not typo_plan(parse("osakka expo"), known).is_hopeless
    assert not typo_plan(parse("osaka ex"), known).is_hopeless
    assert literal_plan(parse("osakka expo"), known).is_hopeless


async def test_a_word_is_found_as_soon_as_a_story_holds_it(store: Store) -> None:
    engine = SearchEngine(store.search)
    for word in ("zeppelin", "balloon", "airship"):
        assert (await engine.find(parse(f"{word} lands"))).hits == ()
        await store.ingest.write(batch([story(f"The {word} lands")]))
        (hit,) = (await engine.find(parse(f"{word} lands"))).hits
        assert (hit.title, hit.corrected) == (f"The {word} lands", "")
        await store.ingest.write(batch([story("Nothing", key=f"the {word} lands")]))


def test_of_a_prefix_of_too_many_words_the_commonest_are_searched_for() -> None:
    counts = {f"com{a}{b}": 1_000 + n for n, a in enumerate("abcdefgh") for b in "abcdefghij"}
    many = Vocabulary.from_counts({**counts, "osaka": 5})
    common = weigh(Term(("com",)), (), many, prefix=0.8)
    rare = weigh(Term(("osa",)), (), many, prefix=0.8)

    assert many.count_with("com") == sum(counts.values())
    assert (common.ranking.prefix, rare.ranking.prefix) == (0.0, 0.8)
    completions = {form[0] for form, _ in common.ranking.forms[1:]}
    assert completions == set(many.complete("com", 20))
    assert len(rare.ranking.forms) == 1


WORDS = st.lists(st.text("abé", min_size=1, max_size=4), unique=True, max_size=90)


def _reverse(word: str) -> str:
    return word[::-1]


@given(WORDS, WORDS, st.text("abé", max_size=2))
def test_sorted_words_are_found_by_their_keys(first: list[str], more: list[str], key: str) -> None:
    for index, key_of in ((SortedWords(_reverse), _reverse), (PrefixIndex(), str)):
        index.add(first)
        index.add([word for word in more if word not in first])
        held = {*first, *more}
        assert set(index.words_with(key)) == {w for w in held if key_of(w).startswith(key)}
        index.remove(first)
        held -= set(first)
        assert index.words_with("") == sorted(held, key=key_of)


def _stem(word: str) -> str:
    return word.rstrip("bé") or word


@given(WORDS, WORDS, st.data())
def test_words_are_found_by_their_stems(
    first: list[str], more: list[str], data: st.DataObject
) -> None:
    index = StemIndex(_stem)
    index.add(first)
    index.add([word for word in more if word not in first])
    held = {*first, *more}
    gone = data.draw(st.lists(st.sampled_from(sorted(held)), unique=True)) if held else []
    for left_out in ([], gone):
        index.remove(left_out)
        held -= set(left_out)
        for stem in {*map(_stem, held), *map(_stem, gone), "c"}:
            assert sorted(index.words_of(stem)) == sorted(w for w in held if _stem(w) == stem)
