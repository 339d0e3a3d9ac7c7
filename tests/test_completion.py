from __future__ import annotations

import pytest
from newsdesk import TestDesk, titles, twelve
from stories import CHAT, MODERATOR, READER, story


async def _values(desk: TestDesk, command: str, option: str, partial: str) -> list[str]:
    return [
        choice.value for choice in await desk.dispatcher.complete(command, option, partial, READER)
    ]


@pytest.mark.parametrize(
    ("command", "option", "partial", "values"),
    [
        ("topic", "name", "", ["Osaka Expo", "World"]),
        ("topic", "name", "exp", ["Osaka Expo"]),
        ("topic", "name", "osaak", ["Osaka Expo"]),
        ("latest", "source", "oth", ["other"]),
        ("latest", "source", "the w", ["wire"]),
        ("latest", "since", "2", ["2d"]),
        ("help", "command", "/sea", ["search"]),
        ("help", "command", "relo", ["related"]),  # spelled like it; /reload is for moderators
        ("nothing", "words", "x", []),
        ("latest", "nothing", "x", []),
        ("reload", "source", "wire", []),
    ],
)
async def test_values_begin_as_typed_or_are_spelled_like_it(
    desk: TestDesk, command: str, option: str, partial: str, values: list[str]
) -> None:
    assert await _values(desk, command, option, partial) == values


async def test_moderators_complete_their_commands(desk: TestDesk) -> None:
    assert [
        c.value for c in await desk.dispatcher.complete("help", "command", "relo", MODERATOR)
    ] == ["reload"]
    assert [
        c.value for c in await desk.dispatcher.complete("reload", "source", "w", MODERATOR)
    ] == ["wire"]


async def test_the_last_word_of_a_query_is_completed_by_the_commonest_words(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo"), story("Expo cost"), story("Export"), story("Pavilion"))
    assert await _values(desk, "search", "words", "osaka exp") == ["osaka expo", "osaka export"]
    assert await _values(desk, "search", "words", "-pavillion") == ["-pavilion"]
    assert await _values(desk, "search", "words", "osaka ") == []
    assert await _values(desk, "search", "words", "zzzz") == []


async def test_stories_are_completed_by_their_titles_and_give_their_ids(desk: TestDesk) -> None:
    cost, castle = story("Osaka Expo cost"), story("Osaka castle")
    await desk.has(cost, castle, story("Tokyo"))
    choices = await desk.dispatcher.complete("read", "story", "osaka ex", READER)
    assert [(choice.value, choice.label) for choice in choices] == [(cost.id, "Osaka Expo cost")]
    assert set(await _values(desk, "read", "story", "os")) == {cost.id, castle.id}
    assert await _values(desk, "read", "story", "") == []


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", [*range(1, 11)]),
        ("3", [3]),
        ("#2", [2]),
        ("1", [1, 10, 11, 12]),
        (" 12 ", [12]),
        ("13", []),
        ("Story", []),
        ("²", []),
    ],
)
async def test_numbers_are_those_of_the_last_list(
    desk: TestDesk, typed: str, numbers: list[int]
) -> None:
    await twelve(desk)
    for page in ("1", "2", "3"):
        await desk.dispatcher.dispatch("latest", {"page": page}, READER, CHAT)
    choices = await desk.dispatcher.complete("read", "story", typed, READER, CHAT)
    listed = [one.label for one in choices if ". " in one.label]
    assert listed == [f"{number}. Story {number}" for number in numbers]
    for one, number in zip(choices, numbers, strict=False):
        read = await desk.dispatcher.dispatch("read", {"story": one.value}, READER, CHAT)
        assert titles(read) == [f"Story {number}"]


async def test_a_number_of_nobodys_list_is_words(desk: TestDesk) -> None:
    await twelve(desk)
    choices = await desk.dispatcher.complete("read", "story", "3", READER, CHAT)
    assert [one.label for one in choices] == ["Story 3"]
