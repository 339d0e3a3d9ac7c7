"""What Tab offers, and where."""

from __future__ import annotations

import pytest
from desk_fake import REGISTRY, WORDS, FakeDesk
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from adapters.console.completer import CommandCompleter, cursor_context
from bot.chat.parsing import parse_options
from bot.chat.registry import Completion
from bot.errors import DatelineError, StoreError
from bot.model import Person

OSAKA = (Completion("Osaka Expo", "Osaka Expo"),)


async def offered(
    line: str,
    completions: dict[str, tuple[Completion, ...] | DatelineError] | None = None,
    *,
    moderator: bool = True,
) -> list[tuple[str, str]]:
    """Each offer: the line that it makes, and what is said of it."""
    desk = FakeDesk(completions=completions or {})
    completer = CommandCompleter(desk, Person("console", moderator=moderator), WORDS)
    document = Document(line)
    event = CompleteEvent(text_inserted=True)
    return [
        (line[: len(line) + found.start_position] + found.text, found.display_meta_text)
        async for found in completer.get_completions_async(document, event)
    ]


async def test_commands_come_with_their_help() -> None:
    assert await offered("/la") == [("/latest ", "The newest stories")]
    assert await offered("/TOPI") == [
        ("/topic ", "The newest stories on a topic"),
        ("/topics", "All topics"),
    ]


async def test_leaving_is_offered_too() -> None:
    assert await offered("/q") == [("/quit", "Leave the chat")]


async def test_commands_that_a_person_may_not_use_are_not_offered() -> None:
    assert await offered("/rel") != []
    assert await offered("/rel", moderator=False) == []


@pytest.mark.parametrize("line", ["", "osaka", "latest", "/nothing ", "/topics ", "/latest@bot o"])
async def test_nothing_is_offered_for(line: str) -> None:
    assert await offered(line) == []


async def test_options_are_offered_by_name_until_they_are_given() -> None:
    assert await offered("/latest ") == [
        ("/latest source:", "Only stories from this source"),
        ("/latest since:", "Only stories since a date"),
    ]
    assert await offered("/latest japan si") == [
        ("/latest japan since:", "Only stories since a date")
    ]
    assert await offered("/latest since:2d s") == [
        ("/latest since:2d source:", "Only stories from this source")
    ]


async def test_words_complete_the_option_that_takes_them() -> None:
    made = [("/topic Osaka Expo", "")]
    assert await offered("/topic osa", {"topic name:osa": OSAKA}) == made
    assert await offered("/topic osaka exp", {"topic name:osaka exp": OSAKA}) == made
    assert await offered("/latest since:2d osa", {"latest topic:osa": OSAKA}) == [
        ("/latest since:2d Osaka Expo", "")
    ]


async def test_a_story_is_seen_by_its_title_and_given_by_its_id() -> None:
    desk = FakeDesk(completions={"read story:osaka exp": (Completion("bcd234", "Osaka\x1b Expo"),)})
    completer = CommandCompleter(desk, Person("console", moderator=True), WORDS)
    found = [
        offer
        async for offer in completer.get_completions_async(
            Document("/read osaka exp"), CompleteEvent(completion_requested=True)
        )
    ]
    assert [(offer.text, offer.display_text) for offer in found] == [("bcd234", "Osaka Expo")]


async def test_values_given_by_name_are_quoted_where_they_must_be() -> None:
    assert await offered(
        "/latest source:pro", {"latest source:pro": (Completion("prospect", "The Prospect"),)}
    ) == [("/latest source:prospect ", "")]
    made = [('/latest topic:"Osaka Expo" ', "")]
    assert await offered("/latest topic:osa", {"latest topic:osa": OSAKA}) == made
    assert await offered('/latest topic:"osaka e', {"latest topic:osaka e": OSAKA}) == made


async def test_what_is_completed_is_read_back_as_it_was_meant() -> None:
    odd = 'the "new" \\ one'
    made = await offered("/latest topic:the", {"latest topic:the": (Completion(odd, odd),)})
    command = REGISTRY.get("latest")
    assert command
    given, left = parse_options(
        command, made[0][0].removeprefix("/latest"), lambda _kind, _text: False
    )
    assert (given, left) == ({"topic": odd}, "")


async def test_a_desk_in_trouble_offers_nothing() -> None:
    trouble = {"topic name:osa": StoreError("the store cannot be read")}
    assert await offered("/topic osa", {**trouble}) == []


def test_a_value_that_has_ended_is_not_completed() -> None:
    here = cursor_context('/latest topic:"Osaka Expo"', REGISTRY)
    assert here
    assert (here.option, here.free) == (None, ())


def test_a_name_within_quotes_is_no_option() -> None:
    here = cursor_context('/latest topic:"all source:pro', REGISTRY)
    assert here
    assert here.option
    assert (here.option.name, here.partial) == ("topic", "all source:pro")
