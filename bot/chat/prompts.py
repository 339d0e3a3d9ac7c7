"""Prompts: questions for words that a command still needs, from what commands declare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.chat.command import Command, Question
from bot.chat.request import Request
from bot.reply import Action, Prompt, Reply


def make_prompt(command: Command, asked: Question, gettext: Callable[[str], str]) -> Prompt:
    """Makes the prompt of a command's question, in the reader's language."""
    placeholder = gettext(asked.placeholder) if asked.placeholder else ""
    return Prompt(gettext(asked.text), placeholder, Action(command.name, asked.given), asked.option)


async def ask_first(request: Request) -> Reply:
    """Answers a command without its required option: asks the command's first question."""
    return ask(request, request.command.questions[0])


def ask(request: Request, asked: Question) -> Reply:
    """Makes the reply that asks a question of the request's command, and nothing else."""
    prompt = make_prompt(request.command, asked, request.gettext)
    given = dict(prompt.action.options) | {k: v for k, v in request.options.items() if k != "page"}
    prompt = replace(prompt, action=Action(request.command.name, tuple(given.items())))
    return Reply(request.command.name, text=(prompt.question,), prompt=prompt)
