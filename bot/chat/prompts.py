"""Prompts: questions for words that a command still needs, from what commands declare."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.chat.command import Command, Question
from bot.chat.request import Request
from bot.reply import Action, Prompt, Reply
from bot.text.bidi import drop_isolates


def make_prompt(
    command: Command,
    asked: Question,
    gettext: Callable[[str], str],
    given: Mapping[str, str] = MappingProxyType({}),
) -> Prompt:
    """Makes the prompt of a command's question, in the reader's language.

    Args:
        command: The command.
        asked: The question.
        gettext: Translates it.
        given: Options that are given already, by name; the question may name their values.
    """
    placeholder = gettext(asked.placeholder) if asked.placeholder else ""
    options = dict(asked.given) | dict(given)
    question = gettext(asked.text).format_map(options)
    action = Action(command.name, tuple(options.items()))
    return Prompt(question, placeholder, action, asked.option, asked.is_long)


def read_question(text: str, question: str) -> Mapping[str, str] | None:
    """Returns the values that a question names, if it is of this text; else None."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(text))
    match = re.fullmatch(pattern, question, re.DOTALL)
    return (
        {name: drop_isolates(value) for name, value in match.groupdict().items()} if match else None
    )


async def ask_first(request: Request) -> Reply:
    """Answers a command without its required option: asks the command's first question."""
    return ask(request, request.command.questions[0])


def ask(request: Request, asked: Question) -> Reply:
    """Makes the reply that asks a question of the request's command, and nothing else."""
    given = {name: value for name, value in request.options.items() if name != "page"}
    prompt = make_prompt(request.command, asked, request.gettext, dict(asked.given) | given)
    return Reply(request.command.name, text=(prompt.question,), prompt=prompt)
