"""Between rows of the outbox and of the subscriptions, and the core's own types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time
from typing import Any

from bot.model import Chat
from bot.posting.model import Post, PostKind, State
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Quiet, Rhythm, Timetable
from store.codec import chat_text, to_time
from store.connection import Row

_CLOCK = "%H:%M"

SUBSCRIPTION = """
    subscriptions.id, subscriptions.chat, subscriptions.thread, subscriptions.house,
    subscriptions.kind, what, timetable, zone, options, owner, subscriptions.made,
    paused, paused_at, ended
"""
"""The columns that `to_subscription` reads."""


def to_chat(text: str, thread: str = "", house: str = "") -> Chat:
    """The chat of a name in the store."""
    platform, _, name = text.partition(":")
    return Chat(platform, name, thread, house)


def house_text(chat: Chat) -> str:
    """The name in the store of the chat whose settings hold in a chat; empty for its own."""
    return chat_text(chat.settings) if chat.house else ""


def timetable_text(timetable: Timetable) -> str:
    """A timetable as JSON."""
    return json.dumps([timetable.rhythm, timetable.at.strftime(_CLOCK), timetable.weekday])


def _to_timetable(text: str) -> Timetable:
    rhythm, at, weekday = json.loads(text)
    return Timetable(Rhythm(rhythm), time.fromisoformat(at), weekday)


def options_text(one: Subscription) -> str:
    """What can be chosen of a subscription beside its times, as JSON."""
    quiet = one.quiet and [one.quiet.start.strftime(_CLOCK), one.quiet.end.strftime(_CLOCK)]
    return json.dumps(
        {
            "quiet": quiet,
            "most": one.most,
            "role": one.role,
            "picture": one.picture,
            "silent": one.silent,
            "place": one.place,
        }
    )


def to_subscription(row: Row | Mapping[str, Any]) -> Subscription:
    """The subscription of a row."""
    options = json.loads(row["options"])
    quiet = options["quiet"] and Quiet(*map(time.fromisoformat, options["quiet"]))
    return Subscription(
        to_chat(row["chat"], row["thread"], row["house"].partition(":")[2]),
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
        place=options.get("place", ""),
    )


def to_post(row: Row, stories: tuple[str, ...], subscription: Subscription | None) -> Post:
    """The post of a row."""
    house = subscription.chat.house if subscription else ""
    return Post(
        row=row["row"],
        chat=to_chat(row["chat"], row["thread"], house),
        key=row["key"],
        kind=PostKind(row["kind"]),
        state=State(row["state"]),
        stories=stories,
        subscription=subscription,
        made=to_time(row["made"]),
        due=to_time(row["due"]),
        tries=row["tries"],
        doubts=row["doubts"],
        deaths=row["deaths"],
        since=None if row["claimed"] is None else to_time(row["claimed"]),
        gathered=bool(row["gathered"]),
        text=row["text"],
        message=row["message"],
        reason=row["reason"],
        done=None if row["done"] is None else to_time(row["done"]),
    )
