"""Filters of subscriptions: what each of them keeps out, and that the matcher applies them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import CHAT, NOW, story

from bot.model import Story
from bot.subscriptions.matcher import Matcher, filter_refusal
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.story_filters import FilterKind, FilterRefusal, StoryFilters
from bot.text.scripts import main_script, may_be_in

ALL = Subscription(CHAT, TargetKind.EVERYTHING, "", made=NOW, id=1)
DAY = timedelta(days=1)
EXPO = story("Osaka Expo opens", "The well-known halls cost twice as much.", language="en")
JAPANESE = story("大阪万博が開幕", "費用は2倍になった。")


def refusal(one: Story, **filters: object) -> FilterRefusal | None:
    by = replace(ALL, filters=StoryFilters(**filters))  # type: ignore[arg-type]
    return filter_refusal(by, one, NOW)


@pytest.mark.parametrize(
    ("language", "wanted", "found"),
    [
        ("en", ("en",), None),
        ("en-GB", ("en",), None),
        ("pt_BR", ("pt",), None),
        ("pt", ("pt-BR",), None),
        ("EN", ("ja", "en"), None),
        ("en", ("ja",), "en"),
        ("de-AT", ("en", "ja"), "de"),
    ],
)
def test_a_language_is_what_the_source_says(
    language: str, wanted: tuple[str, ...], found: str | None
) -> None:
    expected = None if found is None else FilterRefusal(FilterKind.LANGUAGE, found)
    assert refusal(replace(EXPO, language=language), languages=wanted) == expected


@pytest.mark.parametrize(
    ("title", "fits", "not_these"),
    [
        ("Osaka Expo opens", ("en", "de", "tr"), ("ja", "ru", "ar", "zh")),
        ("大阪万博が開幕", ("ja",), ("en", "zh", "ko")),
        ("NTT、AI新会社を設立へ", ("ja",), ("en", "zh")),
        ("世博会开幕", ("zh", "ja"), ("en", "ko")),
        ("오사카 엑스포 개막", ("ko",), ("ja", "en")),
        ("Открылась выставка", ("ru", "uk"), ("en", "el")),
        ("נפתחה התערוכה", ("he",), ("ar", "en")),
        ("افتتاح المعرض", ("ar", "fa"), ("he", "en")),
        ("2025: 100 %", ("en", "ja", "ar"), ()),
    ],
)
def test_where_nobody_says_the_script_decides(
    title: str, fits: tuple[str, ...], not_these: tuple[str, ...]
) -> None:
    one = story(title)
    assert all(refusal(one, languages=(code,)) is None for code in fits)
    assert all(
        refusal(one, languages=(code,)) == FilterRefusal(FilterKind.LANGUAGE) for code in not_these
    )


@given(st.text(max_size=60))
def test_any_text_has_a_script_or_none(text: str) -> None:
    script = main_script(text)
    assert script == script.upper()
    assert may_be_in(text, "en") is (script in {"", "LATIN"})


def test_a_source_is_left_out_unless_another_has_the_story_too() -> None:
    assert refusal(EXPO, except_sources=("other",)) is None
    assert refusal(EXPO, except_sources=("other", "wire")) == FilterRefusal(
        FilterKind.SOURCE, "wire"
    )
    shared = replace(EXPO, also=("other",))
    assert refusal(shared, except_sources=("wire",)) is None
    assert refusal(shared, except_sources=("wire", "other")) is not None


@pytest.mark.parametrize(
    ("text", "least", "kept"), [("x" * 99, 100, False), ("x" * 100, 100, True)]
)
def test_a_text_has_a_least_length(text: str, least: int, *, kept: bool) -> None:
    found = refusal(story("A", text), least_length=least)
    assert found == (None if kept else FilterRefusal(FilterKind.LENGTH, str(len(text))))


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("expo", True),
        ("opening", True),  # another form of the word
        ("expo OR tram", True),
        ("halls", False),  # which stands in the text
        ('"expo opens"', True),
        ('"opens expo"', False),
        ("expo -osaka", False),
        ("expo closes", False),
    ],
)
def test_words_must_stand_in_the_title(title: str, *, kept: bool) -> None:
    assert refusal(EXPO, title=title) == (None if kept else FilterRefusal(FilterKind.TITLE))


@pytest.mark.parametrize(
    ("without", "found"),
    [
        ("football", None),
        ("hall", "hall"),
        ("football, cost", "cost"),
        ('"twice much", "twice as"', '"twice as"'),
        ("halls tram", None),  # both together, as a search has it
        (",,", None),
    ],
)
def test_words_are_left_out_wherever_they_stand(without: str, found: str | None) -> None:
    expected = None if found is None else FilterRefusal(FilterKind.WORDS, found)
    assert refusal(EXPO, without=without) == expected


def test_japanese_words_are_found_without_spaces() -> None:
    assert refusal(JAPANESE, without="費用") == FilterRefusal(FilterKind.WORDS, "費用")
    assert refusal(JAPANESE, title="万博") is None
    assert refusal(JAPANESE, title="費用") == FilterRefusal(FilterKind.TITLE)


@pytest.mark.parametrize(
    ("age", "most", "hours"),
    [
        (timedelta(0), DAY, None),
        (DAY, DAY, None),
        (DAY + timedelta(seconds=1), DAY, "24"),
        (timedelta(hours=13), timedelta(hours=12), "13"),
        (timedelta(days=-1), DAY, None),
    ],
)
def test_a_story_is_not_too_old(age: timedelta, most: timedelta, hours: str | None) -> None:
    expected = None if hours is None else FilterRefusal(FilterKind.AGE, hours)
    assert refusal(replace(EXPO, published=NOW - age), most_age=most) == expected


def test_a_date_counts_as_a_whole_day() -> None:
    midnight = NOW.replace(hour=0, minute=0)
    dated = replace(EXPO, date_only=True, published=midnight - DAY)
    assert refusal(dated, most_age=DAY) is None
    assert refusal(replace(dated, published=midnight - 2 * DAY), most_age=DAY) is not None


def test_nothing_is_asked_of_an_age_when_no_time_is_given() -> None:
    old = replace(EXPO, published=NOW - 30 * DAY)
    by = replace(ALL, filters=StoryFilters(most_age=DAY))
    assert filter_refusal(by, old, None) is None


def test_the_matcher_lets_through_what_no_filter_keeps_out() -> None:
    matcher = Matcher()
    english, japanese = StoryFilters(languages=("en",)), StoryFilters(languages=("ja",))
    fresh = StoryFilters(most_age=DAY)
    for number, filters in enumerate((StoryFilters(), english, japanese, fresh), 1):
        matcher.put(replace(ALL, id=number, filters=filters))

    def ids(one: Story) -> list[int]:
        return [found.id for found in matcher.matching(one, NOW)]

    assert ids(EXPO) == [1, 2, 4]
    assert ids(replace(JAPANESE, published=NOW - 2 * DAY)) == [1, 3]
    matcher.put(replace(ALL, id=3))  # a filter that is taken away
    matcher.remove(2)
    assert ids(EXPO) == [1, 3, 4]
    assert [one.id for one in matcher.matching(EXPO)] == [1, 3, 4]
