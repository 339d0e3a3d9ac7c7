from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search.title_index import TitleIndex, TitleInput
from bot.text.tokenizer import words

TITLES = {
    "1": "Osaka Expo opens",
    "2": "Cost of the Osaka Expo",
    "3": "Export of trains",
    "7": "The expo of the expo",
    "9": "",
}


def found(titles: TitleIndex, *typed: TitleInput, limit: int = 9) -> list[str]:
    return [match.id for match in titles.search(typed, limit)]


def numbered(titles: list[str], start: int) -> dict[str, str]:
    return {str(number): title for number, title in enumerate(titles, start)}


def typed(*row: str) -> list[TitleInput]:
    return [TitleInput({word: 1.0}) for word in row]


def test_titles_that_hold_every_word_are_found() -> None:
    titles = TitleIndex.from_titles(TITLES)
    assert found(titles, *typed("osaka")) == ["1", "2"]
    assert found(titles, *typed("osaka", "opens")) == ["1"]
    assert found(titles, *typed("osaka", "nothing")) == found(titles) == []
    assert found(titles, *typed("osaka"), limit=1) == ["1"]


def test_any_of_the_words_and_beginnings_will_do_and_the_best_come_first() -> None:
    titles = TitleIndex.from_titles(TITLES)
    either = TitleInput({"expo": 1.0, "trains": 0.9}, {"exp": 0.5})
    assert found(titles, either) == ["1", "7", "2", "3"]  # of several, a short title comes first
    assert found(titles, TitleInput({}, {"op": 1.0, "tra": 0.9})) == ["1", "3"]
    assert found(titles, TitleInput({}, {"zz": 1.0})) == []


def test_words_side_by_side_in_their_order_come_first() -> None:
    titles = TitleIndex.from_titles(
        {"1": "expo opens osaka", "2": "osaka a expo", "3": "osaka expo", "4": "osaka expo"}
    )
    assert found(titles, *typed("osaka", "expo")) == ["4", "3", "2", "1"]


def test_one_word_does_not_do_for_two() -> None:
    titles = TitleIndex.from_titles({"1": "Expo opens", "2": "Expo"})
    assert found(titles, *typed("expo"), TitleInput({}, {"o": 1.0})) == ["1"]
    ((whole, _), (twice, _)) = titles.search([*typed("expo"), TitleInput({}, {"e": 1.0})], 9)
    assert max(whole, twice) < titles.search([*typed("expo"), TitleInput({}, {"o": 1.0})], 9)[0][0]


def test_a_changed_title_is_found_as_it_is_now() -> None:
    titles = TitleIndex.from_titles(TITLES)
    titles.update({"2": "Price of the tram", "12": "Osaka tram", "7": "The expo"})
    assert found(titles, *typed("osaka")) == ["12", "1"]
    assert found(titles, *typed("tram")) == ["12", "2"]
    assert found(titles, TitleInput({}, {"pri": 1.0})) == ["2"]
    assert found(titles, *typed("expo")) == ["7", "1"]


def test_beginnings_with_a_slip() -> None:
    titles = TitleIndex.from_titles(
        {"1": "Crematorium", "2": "Öland", "3": "Крематорий", "4": "Creature"}
    )
    assert set(titles.correct_prefix("crmea")) == {"crema", "crea"}
    assert set(titles.correct_prefix("krema")) == {"crema"}
    assert titles.correct_prefix("creture") == ["creature"]
    assert titles.correct_prefix("крамат") == ["кремат"]
    assert (
        titles.correct_prefix("cr")
        == titles.correct_prefix("cre4")
        == titles.correct_prefix("")
        == []
    )


def test_where_very_many_hold_a_word_the_newest_are_found() -> None:
    titles = TitleIndex.from_titles(dict.fromkeys(map(str, range(1, 20_001)), "the expo"))
    titles.update({"20001": "the tram"})
    assert found(titles, *typed("the", "expo"), limit=2) == ["20000", "19999"]
    assert found(titles, TitleInput({"the": 1.0}, {"t": 0.5, "ex": 0.5}), limit=1) == ["20001"]


ROWS = st.lists(st.text("abé ", max_size=8) | st.text("a大阪 ", max_size=5), max_size=12)


@settings(max_examples=300, deadline=None)
@given(ROWS, ROWS, st.lists(st.sampled_from(["a", "b", "ab", "e", "大阪"]), min_size=1, max_size=3))
def test_followed_or_read_at_once_the_same_is_found(
    first: list[str], second: list[str], row: list[str]
) -> None:
    before, after = numbered(first, 1), numbered(second, 3)
    now = before | after
    followed = TitleIndex.from_titles(before)
    followed.update(after)

    held = [number for number, title in now.items() if set(row) <= set(words(title))]
    assert sorted(found(followed, *typed(*row), limit=99)) == sorted(held)
    assert found(followed, *typed(*row)) == found(TitleIndex.from_titles(now), *typed(*row))
