"""`dateline ask`: commands answered for scripts and for the curious."""

from __future__ import annotations

import json
import sys
import time

import click

from bot.app import App
from bot.as_json import as_json as reply_as_json
from bot.reply import Reply

NOT_ANSWERED = 6
"""The exit code when a question could not be answered as it was asked."""


async def answer(app: App, line: str | None, *, as_json: bool) -> int:
    """Answers a line or, when there is none, each line of the standard input.

    Returns:
        The exit code: 0, or that for a single line which could not be answered as asked.
    """
    if line is not None:
        reply = await _print(app, line, as_json=as_json)
        return 0 if reply.ok else NOT_ANSWERED
    # Undecodable bytes are somebody's typing too, and no reason to stop.
    with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False) as lines:  # noqa: ASYNC230 - nothing else runs meanwhile
        for number, asked in enumerate(filter(str.strip, lines)):
            if number and not as_json:
                click.echo()
            await _print(app, asked.strip(), as_json=as_json)
    return 0


async def _print(app: App, line: str, *, as_json: bool) -> Reply:
    start = time.perf_counter()
    reply = await app.ask(line)
    ms = (time.perf_counter() - start) * 1_000
    told = (
        json.dumps(reply_as_json(reply, ms), ensure_ascii=False) if as_json else app.as_text(reply)
    )
    click.echo(told.rstrip("\n"))
    return reply
