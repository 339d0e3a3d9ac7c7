"""Rows of the table of subscriptions, and the core's own type; how they are read and written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import time
from functools import lru_cache
from typing import Any

from bot.model import Chat
from bot.subscriptions.model import EventPosts, Subscription, TargetKind
from bot.subscriptions.schedule import Quiet, Rhythm, Timetable
from store.codec import chat_text, to_chat, to_micros, to_time
from store.ports import Connection, Row, fetch_in
from store.subscription_options import (
    filter_values,
    template_values,
    to_filters,
    to_template,
)

_CLOCK = "%H:%M"
_SHARED = 1_000  # timetables that are at hand

SUBSCRIPTION = """
    subscriptions.id, subscriptions.chat, subscriptions.thread, subscriptions.house,
    subscriptions.kind, what, timetable, zone, options, owner, subscriptions.made,
    paused, paused_at, ended
"""
"""The columns that `to_subscription` reads."""


def subscription_values(one: Subscription) -> dict[str, str | int]:
    """The values of a subscription's row, but for its number and whether it is paused or ended."""
    return {
        "chat": chat_text(one.chat),
        "thread": one.chat.thread,
        "house": chat_text(one.chat.settings) if one.chat.house else "",
        "kind": one.kind,
        "what": one.what,
        "timetable": _timetable_text(one.when),
        "zone": one.zone,
        "options": options_text(one),
        "owner": one.owner,
        "made": to_micros(one.made),
    }


def _timetable_text(timetable: Timetable) -> str:
    times = [at.strftime(_CLOCK) for at in timetable.times]
    return json.dumps([timetable.rhythm, times, timetable.weekdays, timetable.day, timetable.hours])


@lru_cache(_SHARED)  # thousands of subscriptions, all in memory, have a few timetables
def _to_timetable(text: str) -> Timetable:
    rhythm, times, weekdays, *more = json.loads(text)
    if isinstance(times, str):  # as rows were written that had one time and one weekday
        times, weekdays = [times], [weekdays]
    return Timetable(Rhythm(rhythm), tuple(map(time.fromisoformat, times)), tuple(weekdays), *more)


def options_text(one: Subscription) -> str:
    """The options of a subscription, as its row has them."""
    quiet = one.quiet and [one.quiet.start.strftime(_CLOCK), one.quiet.end.strftime(_CLOCK)]
    return json.dumps(
        {
            "quiet": quiet,
            "most": one.most,
            "role": one.role,
            "picture": one.picture,
            "silent": one.silent,
            "place": one.place,
            "events": one.events,
            "threads": one.threads,
            "filters": filter_values(one.filters),
            "template": template_values(one.template),
        }
    )


def to_subscription(row: Row | Mapping[str, Any]) -> Subscription:
    """The subscription of a row."""
    options = json.loads(row["options"])
    quiet = options["quiet"] and Quiet(*map(time.fromisoformat, options["quiet"]))
    return Subscription(
        chat_of(row),
        TargetKind(row["kind"]),
        row["what"],
        _to_timetable(row["timetable"]),
        row["zone"],
        quiet,
        options["most"],
        options["role"],
        options["picture"],
        options["silent"],
        row["owner"],
        to_time(row["made"]),
        row["id"],
        row["paused"],
        None if row["paused_at"] is None else to_time(row["paused_at"]),
        row["ended"] is not None,
        EventPosts(options["events"]) if options.get("events") else None,
        options.get("threads", False),
        place=options.get("place", ""),
        filters=to_filters(options.get("filters")),
        template=to_template(options.get("template")),
    )


def chat_of(row: Row | Mapping[str, Any]) -> Chat:
    """The chat of a row that has its `chat`, its `thread` and its `house`."""
    return to_chat(row["chat"], row["thread"], row["house"].partition(":")[2])


async def subscriptions_by_id(
    connection: Connection, ids: Iterable[int]
) -> Mapping[int, Subscription]:
    """Reads subscriptions, the ended ones too; those that are forgotten are left out."""
    rows = await fetch_in(connection, f"SELECT {SUBSCRIPTION} FROM subscriptions WHERE id", ids)
    return {row["id"]: to_subscription(row) for row in rows}


async def active_of_chat(connection: Connection, chat: Chat) -> Mapping[int, Subscription]:
    """Reads what a chat follows in all its threads, the oldest first."""
    rows = await connection.execute_fetchall(
        f"SELECT {SUBSCRIPTION} FROM subscriptions WHERE chat = ? AND ended IS NULL ORDER BY id",
        (chat_text(chat),),
    )
    return {row["id"]: to_subscription(row) for row in rows}
