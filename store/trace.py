"""Reads the way of a story into a chat: its sources, what followed it, its post."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from bot.model import Chat
from bot.posting.model import PostKind
from bot.posting.trace_ports import PastSubscription, StoryCopy, TracedPost, TraceStore
from store.codec import chat_text, to_time
from store.dedup import link_address
from store.outbox.reads import post_of_story
from store.ports import Connections
from store.subscription_rows import SUBSCRIPTION, to_subscription

_AT_A_PAGE = 10

_COPIES = """
    SELECT source, title, coalesce(url, '') AS url, seen FROM story_copies
    WHERE story = (SELECT row FROM stories WHERE id = ?) ORDER BY seen, source
"""
_AT_PAGE = f"""
    SELECT DISTINCT stories.id, stories.row FROM story_addresses
    JOIN stories ON stories.row = story_addresses.story
    WHERE address = ? ORDER BY stories.row DESC LIMIT {_AT_A_PAGE}
"""
_SUBSCRIPTIONS = f"""
    SELECT {SUBSCRIPTION} FROM subscriptions
    WHERE chat = ? AND NOT (ended IS NOT NULL AND what = 'forgotten ' || id) ORDER BY id
"""
# A message may be that of the digest which the story is in; the edits are of that, then.
_MORE = f"""
    SELECT outbox.trouble, digest.trouble AS of_digest,
        (SELECT story FROM outbox AS leader WHERE leader.row = outbox.leader) AS leader,
        (SELECT max(done) FROM outbox AS edit
            WHERE edit.chat = outbox.chat AND edit.kind = '{PostKind.EDIT}'
                AND edit.state = 'sent'
                AND edit.story = coalesce(digest.key, outbox.key)) AS edited
    FROM outbox LEFT JOIN outbox AS digest ON digest.row = outbox.digest
    WHERE outbox.chat = ? AND outbox.key = ?
"""


class SqlTrace(TraceStore):
    """Implements `bot.posting.trace_ports.TraceStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def copies(self, story: str) -> Sequence[StoryCopy]:
        rows = await self._connections.rows(_COPIES, (story,))
        return [
            StoryCopy(row["source"], row["title"], row["url"], to_time(row["seen"]))
            if row["seen"]
            else StoryCopy(row["source"], row["title"], row["url"], None)
            for row in rows
        ]

    @override
    async def at_page(self, url: str) -> Sequence[str]:
        address = link_address(url)
        if not address:
            return ()
        rows = await self._connections.rows(_AT_PAGE, (address,))
        return [row["id"] for row in rows]

    @override
    async def subscriptions(self, chat: Chat) -> Sequence[PastSubscription]:
        rows = await self._connections.rows(_SUBSCRIPTIONS, (chat_text(chat),))
        return [
            PastSubscription(
                to_subscription(row), None if row["ended"] is None else to_time(row["ended"])
            )
            for row in rows
        ]

    @override
    async def post(self, chat: Chat, story: str) -> TracedPost | None:
        post = await post_of_story(self._connections, chat, story)
        rows = await self._connections.rows(_MORE, (chat_text(chat), story)) if post else ()
        if post is None or not rows:
            return None
        (row,) = rows
        return TracedPost(
            post,
            _holdups(row["trouble"], row["of_digest"] or ""),
            row["leader"] or "",
            None if row["edited"] is None else to_time(row["edited"]),
        )


def _holdups(*lines: str) -> tuple[str, ...]:
    """Returns the lines of several texts, each once."""
    return tuple(dict.fromkeys(one for text in lines for one in text.split("\n") if one))
