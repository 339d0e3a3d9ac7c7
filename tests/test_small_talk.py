"""Lines that search for nothing: fillers ask for the latest stories, greetings for a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import TestDesk, titles, twelve
from stories import CHAT, READER, day, story

from bot.model import Person
from bot.text.fillers import Greeting, is_filler, is_greeting

ALONE = Person("reader", "Ada", host=True)

FILLERS = [
    "news",
    "News?",
    "the news",
    "latest news",
    "what's new?",
    "whats new",
    "what is new",
    "headlines",
    "top headlines please",
    "show me the latest",
    "show me the news",
    "give me the latest headlines",
    "any news?",
    "anything new",
    "got any updates?",
    "breaking news",
    "what's happening",
    "what happened",
    "what's going on?",
    "what did i miss",
    "what's up",
    "tell me what's new please",
    "hi, any news?",
    "recent stories",
    "latest stories",
    "newest",
    "more news",
    "news of the day",
    "Nachrichten",
    "was gibt es neues?",
    "ニュース",
    "新闻",
    "뉴스",
]
GREETINGS = [
    ("hello", Greeting.HELLO),
    ("Hi there!", Greeting.HELLO),
    ("hey bot", Greeting.HELLO),
    ("good morning", Greeting.HELLO),
    ("Good evening everyone", Greeting.HELLO),
    ("how are you?", Greeting.HELLO),
    ("guten Morgen", Greeting.HELLO),
    ("こんにちは", Greeting.HELLO),
    ("안녕하세요", Greeting.HELLO),
    ("thanks!", Greeting.THANKS),
    ("thank you very much", Greeting.THANKS),
    ("ok thanks", Greeting.THANKS),
    ("thanks a lot, great", Greeting.THANKS),
    ("danke sehr", Greeting.THANKS),
    ("谢谢", Greeting.THANKS),
    ("bye", Greeting.GOODBYE),
    ("good bye", Greeting.GOODBYE),
]


@pytest.mark.parametrize("line", FILLERS)
async def test_fillers_ask_for_the_latest_stories(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    assert await desk.ask(line) == await desk.ask("/latest")
    assert await desk.ask(f"/search {line}") == await desk.ask("/latest")


async def test_fillers_on_another_page_are_that_page_of_the_latest(desk: TestDesk) -> None:
    await twelve(desk)
    again = await desk.dispatcher.dispatch("search", {"words": "news", "page": "2"}, READER, CHAT)
    assert titles(again) == titles(await desk.ask("/latest page:2"))


@pytest.mark.parametrize(
    "line", ["us news", "china news", "news corp", "new york", "who", "update windows", "hot news"]
)
def test_words_that_mean_something_are_no_fillers(line: str) -> None:
    assert not is_filler(line)
    assert is_greeting(line) is None


@pytest.mark.parametrize(
    "line", ["hello kitty", "good morning america", "thank you for smoking", "hi-fi", "hello world"]
)
def test_names_with_a_greeting_in_them_are_searched_for(line: str) -> None:
    assert is_greeting(line) is None


@pytest.mark.parametrize(("line", "kind"), GREETINGS)
async def test_greetings_get_a_friendly_line_in_private(
    desk: TestDesk, line: str, kind: Greeting
) -> None:
    assert is_greeting(line) is kind
    await twelve(desk)
    reply = await desk.ask(line, ALONE)
    (said,) = reply.text
    assert said.split("!")[0] in {"Hello", "You're welcome", "Goodbye"}
    assert [str(button.action) for button in reply.buttons] == ["/latest", "/topics"]
    assert not reply.cards
    assert not reply.silent


@pytest.mark.parametrize(("line", "_kind"), GREETINGS)
async def test_greetings_get_nothing_in_a_group(desk: TestDesk, line: str, _kind: Greeting) -> None:
    assert (await desk.ask(line, READER)).silent


async def test_a_title_that_says_so_wins(desk: TestDesk) -> None:
    await desk.has(
        story("Hello, Dolly! returns", published=day("2026-11-01")),
        story("Hello", "A song.", published=day("2026-11-02")),
        story("What's New", "A show.", published=day("2026-11-03")),
        story("Newest", "The last.", published=day("2026-11-04")),
    )
    assert titles(await desk.ask("hello dolly", ALONE)) == ["Hello, Dolly! returns"]
    assert titles(await desk.ask("hello", ALONE))[0] == "Hello"
    assert titles(await desk.ask("hello"))[0] == "Hello"
    assert titles(await desk.ask("what's new?"))[0] == "What's New"
    assert (await desk.ask("thanks")).silent


async def test_a_search_for_a_greeting_is_a_search(desk: TestDesk) -> None:
    await desk.has(story("Hello, Dolly! returns"))
    assert titles(await desk.ask("/search hello")) == ["Hello, Dolly! returns"]


@given(st.text(max_size=60))
def test_every_line_is_at_most_one_of_both(line: str) -> None:
    if is_greeting(line):
        assert not is_filler(line)
