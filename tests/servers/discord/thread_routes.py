"""The routes of threads: posts in forums, threads below messages, names, archives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from servers.discord.calls import ApiError, Call
from servers.discord.message_routes import MessageRoutes
from servers.discord.payloads import channel as channel_payload
from servers.discord.rules import is_empty
from servers.discord.world import (
    ATTACH,
    FORUMS,
    HISTORY,
    MANAGE_THREADS,
    NEWS,
    NEWS_THREAD,
    OPEN_THREADS,
    SEND,
    SEND_IN_THREADS,
    TEXT,
    THREAD,
    THREADS,
    VIEW,
    Body,
    Channel,
    Tag,
    World,
)

_EDITED = {"name", "archived"}


class ThreadRoutes:
    """Handles the bot's calls about threads.

    Attributes:
        most_active: The threads of a guild that may be active at once.
    """

    def __init__(self, world: World, messages: MessageRoutes) -> None:
        self.most_active = 1_000
        self._world = world
        self._messages = messages

    async def open_post(self, call: Call) -> Any:
        """POST /channels/{channel}/threads: a thread with its first message, in a forum."""
        forum, body = self._messages.find_channel(call), call.body
        if forum.kind not in FORUMS or not body.get("message"):
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        _demand(forum, SEND | (ATTACH if call.files else 0))
        if is_empty(body["message"]):
            raise ApiError(400, 50006, "Cannot send an empty message")
        tags = _chosen_tags(forum, body.get("applied_tags") or ())
        self._demand_room(forum)
        # No nonce is known of here: the specification has none, so what is sent twice is there
        # twice.
        thread = self._open(forum, body, THREAD, self._world.ids.next(), tags)
        message = self._messages.create(thread, body["message"], number=thread.id)
        return channel_payload(thread) | {"message": self._messages.payload(message)}

    async def open_below(self, call: Call) -> Any:
        """POST /channels/{channel}/messages/{message}/threads."""
        message = self._messages.find_message(call)
        channel = message.channel
        if channel.kind not in {TEXT, NEWS}:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        _demand(channel, VIEW | OPEN_THREADS)
        if message.id in self._world.channels:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        self._demand_room(channel)
        kind = NEWS_THREAD if channel.kind == NEWS else THREAD
        return channel_payload(self._open(channel, call.body, kind, message.id, []))

    async def edit(self, call: Call) -> Any:
        """PATCH /channels/{channel}: the name of the bot's own threads, and reopening them."""
        thread, body = self._messages.find_channel(call), call.body
        if thread.kind not in THREADS or body.keys() - _EDITED:
            raise ApiError(400, 0, f"{sorted(body)} of {thread.name} is not modelled")
        manages = thread.bot_may & MANAGE_THREADS
        if thread.locked and not manages:
            raise ApiError(403, 50013, "Missing Permissions")
        if thread.archived and body.get("archived") is not False:
            raise ApiError(400, 50083, "Thread is archived")
        if thread.owner is not self._world.bot and not manages:
            raise ApiError(403, 50013, "Missing Permissions")
        if thread.archived:
            _demand(thread, SEND_IN_THREADS)
        thread.archived = body.get("archived", thread.archived)
        thread.name = body.get("name", thread.name)
        return channel_payload(thread)

    async def active(self, call: Call) -> Any:
        """GET /guilds/{guild}/threads/active."""
        guild = self._world.guilds.get(call.id("guild"))
        if guild is None or not guild.has_bot:
            raise ApiError(403, 50001, "Missing Access")
        return self._listing(one for one in guild.threads if not (one.gone or one.archived))

    async def archived(self, call: Call) -> Any:
        """GET /channels/{channel}/threads/archived/public: those archived last come first."""
        channel = self._messages.find_channel(call)
        _demand(channel, HISTORY)
        limit = int(call.query.get("limit", "50"))
        if call.query.keys() - {"limit"} or not 2 <= limit <= 100:
            raise ApiError(400, 50035, f"{dict(call.query)} is not modelled, or out of range")
        closed = [one for one in reversed(channel.threads) if one.archived]
        return self._listing(closed[:limit]) | {"has_more": len(closed) > limit}

    def _listing(self, threads: Iterable[Channel]) -> dict[str, Any]:
        return {"threads": [channel_payload(one) for one in threads], "members": []}

    def _demand_room(self, channel: Channel) -> None:
        assert channel.guild is not None
        active = [one for one in channel.guild.threads if not (one.gone or one.archived)]
        if len(active) >= self.most_active:
            raise ApiError(400, 160006, "Maximum number of active threads reached")

    def _open(
        self, parent: Channel, body: Body, kind: int, number: int, tags: list[Tag]
    ) -> Channel:
        thread = Channel(
            number,
            body["name"],
            kind,
            parent.guild,
            parent=parent,
            bot_may=parent.bot_may,
            owner=self._world.bot,
            tags=tags,
        )
        return self._world.add_channel(thread)


def _demand(channel: Channel, needed: int) -> None:
    if needed & ~channel.bot_may:
        raise ApiError(403, 50013, "Missing Permissions")


def _chosen_tags(forum: Channel, chosen: Iterable[Any]) -> list[Tag]:
    known = {str(tag.id): tag for tag in forum.tags}
    names = [str(one) for one in chosen]
    if not known.keys() >= set(names):
        raise ApiError(400, 10087, "Unknown Tag")
    tags = [known[one] for one in names]
    if any(tag.moderated for tag in tags) and not forum.bot_may & MANAGE_THREADS:
        raise ApiError(403, 50013, "Missing Permissions")
    if forum.requires_tag and not tags:
        raise ApiError(400, 40067, "A tag is required to create a forum post in this channel")
    return tags
