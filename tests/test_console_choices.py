"""Which key does what."""

from __future__ import annotations

import pytest
from desk_fake import BACK, NEXT, PREVIOUS, TOPICS, WORDS, FakeDesk, card, read

from adapters.console.choices import Picks, choices, entry_keys, group_keys
from adapters.console.conversation import (
    Ask,
    Conversation,
    Leave,
    Meaning,
    NoChoice,
    Nothing,
    Press,
    ReadNumber,
    parse_line,
)
from bot.errors import StoreError
from bot.model import Person
from bot.reply import Action, Entry, Reply

LIST = Reply(
    "latest",
    cards=(card(6), card(7)),
    page=2,
    pages=3,
    buttons=(PREVIOUS, NEXT, read(6), read(7), TOPICS),
)
JAPAN = Action("topic", (("name", "Japan"),))
TOPIC_LIST = Reply(
    "topics", entries=(Entry("Head"), Entry("Japan", action=JAPAN)), buttons=(TOPICS,)
)
STORY = Reply("read", cards=(card(),), buttons=(NEXT, BACK))


def line(reply: Reply) -> str:
    return "  ".join(f"[{keys}] {label}" for keys, label in group_keys(choices(reply), WORDS))


def test_stories_go_by_their_numbers_and_offers_by_the_next_ones() -> None:
    assert line(LIST) == "[6–7] read  [n] next  [p] previous  [8] Topics"
    assert choices(LIST).listed


def test_entries_that_can_be_chosen_are_counted_and_offers_go_on() -> None:
    assert entry_keys(TOPIC_LIST) == ["", "1"]
    assert line(TOPIC_LIST) == "[1] choose  [2] Topics"
    assert not choices(TOPIC_LIST).listed


def test_entries_beside_stories_take_no_number_of_theirs() -> None:
    both = Reply("x", cards=(card(1), card(2)), entries=TOPIC_LIST.entries, buttons=(read(1),))
    assert line(both) == "[1] read  [3] choose"


def test_a_story_offers_its_pages_and_the_way_back() -> None:
    assert line(STORY) == "[n] next  [b] back to the list"


def test_numbers_with_gaps_are_told_apart() -> None:
    gaps = Reply("x", buttons=(read(1), read(2), read(3), read(9), read(12)))
    assert line(gaps) == "[1–3, 9, 12] read"


def test_a_reply_without_buttons_offers_nothing() -> None:
    assert choices(Reply("help", title="Help")) == Picks()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("6", Press(read(6).action)),
        (" 06 ", Press(read(6).action)),
        ("N", Press(NEXT.action)),
        ("p", Press(PREVIOUS.action)),
        ("8", Press(TOPICS.action)),
        ("b", NoChoice("b")),
        ("1", ReadNumber("1")),
        ("0", ReadNumber("0")),
        ("", Nothing()),
        (" \t", Nothing()),
        ("/QUIT", Leave()),
        ("exit", Leave()),
        ("quit", Leave()),
        ("osaka expo", Ask("osaka expo")),
        ("/read 6", Ask("/read 6")),
        ("6 months", Ask("6 months")),
        ("٦", Ask("٦")),
        ("\0", Ask("\0")),
    ],
)
def test_a_line_means(typed: str, meant: Meaning) -> None:
    assert parse_line(typed, choices(LIST)) == meant


def test_a_number_of_thousands_of_digits_is_a_number_like_any_other() -> None:
    assert parse_line("9" * 5_000, choices(TOPIC_LIST)) == NoChoice("9" * 5_000)
    assert parse_line("9" * 5_000, choices(LIST)) == ReadNumber("9" * 5_000)


def test_a_story_of_the_list_can_be_named_while_another_is_read() -> None:
    assert parse_line("7", choices(STORY)) == ReadNumber("7")


def talk(desk: FakeDesk) -> Conversation:
    return Conversation(desk, Person("console", moderator=True), WORDS)


async def test_a_refusal_leaves_the_list_at_hand() -> None:
    desk = FakeDesk(answers={"/latest": LIST, "/read 99": Reply("read", text=("No.",), ok=False)})
    chat = talk(desk)
    await chat.answer(Ask("/latest"))
    await chat.answer(Ask("/read 99"))
    assert chat.choices == choices(LIST)


async def test_an_answer_that_offers_nothing_takes_the_list_away() -> None:
    chat = talk(FakeDesk(answers={"/latest": LIST, "/help": Reply("help", title="Help")}))
    await chat.answer(Ask("/latest"))
    await chat.answer(Ask("/help"))
    assert chat.choices == Picks()


async def test_trouble_of_the_bot_is_told_in_one_line() -> None:
    chat = talk(FakeDesk(answers={"/latest": StoreError("the disk is full")}))
    assert await chat.answer(Ask("/latest")) == Reply("", text=("the disk is full",), ok=False)


async def test_a_key_that_is_no_choice_gets_a_way_on() -> None:
    chat = talk(FakeDesk(answers={"/latest": LIST}))
    before = await chat.answer(NoChoice("9"))
    assert before.text == (
        "There is nothing to choose from yet. To search for “9”, type /search 9",
    )
    await chat.answer(Ask("/latest"))
    after = await chat.answer(NoChoice("b"))
    assert after.text == ("“b” is not one of the choices. To search for it, type /search b",)
