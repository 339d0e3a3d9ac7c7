"""The desk's facts as JSON objects of a stable form; docs/json.md tells what the fields mean."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.model import Chat
from bot.monitoring.model import GivenUpPosts, PlatformPosts
from bot.posting.counters import PostingCounters
from bot.web.desk import SubscriptionPage
from bot.web.desk_health import HealthBoard, SourceHealth


def health_json(board: HealthBoard) -> dict[str, Any]:
    """Converts what the desk shows at a glance."""
    status, store = board.status, board.status.store
    process = status.process
    return {
        "version": process.version if process else None,
        "started": _moment(process.started if process else None),
        "lag_ms": round(board.lag * 1_000, 3),
        "stories": store.stories,
        "stories_last_day": store.lately,
        "chats": store.chats,
        "subscriptions": store.subscriptions,
        "subscriptions_paused": store.paused,
        "disk": {"used": store.disk.used, "free": store.disk.free},
        "posts": [_posts_json(one) for one in store.posts],
        "sent": [_sent_json(name, one) for name, one in board.posting.items()],
        "given_up": [_given_up_json(one) for one in store.given_up],
        "sources": [_source_json(one) for one in board.sources],
    }


def _posts_json(posts: PlatformPosts) -> dict[str, Any]:
    return {
        "platform": posts.platform,
        "due": posts.queue.depth,
        "oldest": _moment(posts.queue.oldest),
        "reason": posts.queue.reason,
        "scheduled": posts.waiting,
        "paused": posts.paused,
    }


def _sent_json(platform: str, counters: PostingCounters) -> dict[str, Any]:
    return {
        "platform": platform,
        "posts": counters.posts,
        "digests": counters.digests,
        "edits": counters.edits,
        "retries": counters.retries,
        "failures": counters.failures,
    }


def _given_up_json(posts: GivenUpPosts) -> dict[str, Any]:
    return {
        "platform": posts.platform,
        "reason": posts.reason,
        "count": posts.count,
        "last": _moment(posts.last),
    }


def _source_json(one: SourceHealth) -> dict[str, Any]:
    report = one.state.report
    return {
        "id": one.source.id,
        "name": one.source.name,
        "health": one.health.value,
        "error": one.reason,
        "failures": report.failures if report else 0,
        "last_check": _moment(report.at if report else None),
        "next_check": _moment(report.next_check if report else None),
        "newest": _moment(one.state.newest),
        "stories": one.state.stories,
    }


def chat_json(chat: Chat) -> dict[str, Any]:
    """Converts a chat that may be set up."""
    return {"platform": chat.platform, "id": chat.id, "name": chat.name}


def subscriptions_json(told: SubscriptionPage) -> dict[str, Any]:
    """Converts what is followed in chats, as `/subscriptions` tells it there."""
    return {
        "subscriptions": [
            {
                "chat": chat_json(one.visit.chat),
                "name": row.entry.bare_name,
                "text": row.entry.text,
            }
            for one in told.chats
            for row in one.rows
        ],
        "page": told.page,
        "pages": told.pages,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
