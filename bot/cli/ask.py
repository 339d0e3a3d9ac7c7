"""`dateline ask`: answers as text or as JSON, for scripts."""

from __future__ import annotations

import json
import sys
import time

import click

from bot.app import App
from bot.exchange.reply_json import reply_as_json
from bot.reply import Reply

NOT_ANSWERED = 6
"""The exit code when a question could not be answered as it was asked."""


async def answer_lines(app: App, line: str | None, *, as_json: bool) -> int:
    """Answers a line or, when there is none, each line of the standard input.

    Returns:
        The exit code: 0, or that for a single line which could not be answered as asked.
    """
    if line is not None:
        reply = await _answer_one(app, line, as_json=as_json)
        return 0 if reply.ok else NOT_ANSWERED
    is_first = True
    async for asked in app.lines(sys.stdin):
        if not asked.strip():
            continue
        if not (is_first or as_json):
            click.echo()
        await _answer_one(app, asked.strip(), as_json=as_json)
        is_first = False
    return 0


async def _answer_one(app: App, line: str, *, as_json: bool) -> Reply:
    start = time.perf_counter()
    reply = await app.ask(line)
    ms = (time.perf_counter() - start) * 1_000
    told = (
        json.dumps(reply_as_json(reply, ms), ensure_ascii=False) if as_json else app.as_text(reply)
    )
    click.echo(told.rstrip("\n"))
    return reply
