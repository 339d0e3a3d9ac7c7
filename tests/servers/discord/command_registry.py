"""The application commands that the bot has registered, and their routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from servers.discord.calls import ApiError, Call
from servers.discord.world import World


class CommandRegistry:
    """Handles registration of commands: global ones (None), and those of single guilds.

    Attributes:
        syncs: The bulk overwrites: the guild (None for global ones), and the names.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.registered: dict[int | None, list[Any]] = {}
        self.syncs: list[tuple[int | None, list[str]]] = []

    def visible_in(self, guild: int | None) -> list[Any]:
        """Returns the commands that can be seen in a guild, or outside of any."""
        own = self.registered.get(guild, []) if guild is not None else []
        names = {(one["type"], one["name"]) for one in own}
        common = self.registered.get(None, [])
        return [*own, *(one for one in common if (one["type"], one["name"]) not in names)]

    async def replace(self, call: Call) -> Any:
        """PUT /applications/{application}[/guilds/{guild}]/commands."""
        where = self._scope(call)
        self.syncs.append((where, [one["name"] for one in call.body]))
        self.registered[where] = self._with_ids(where, call.body)
        return self.registered[where]

    async def list(self, call: Call) -> Any:
        """GET of the same."""
        return self.registered.get(self._scope(call), [])

    def _scope(self, call: Call) -> int | None:
        if call.id("application") != self._world.application:
            raise ApiError(403, 20012, "You are not authorized to perform this action")
        if "guild" not in call.match:
            return None
        guild = self._world.guilds.get(call.id("guild"))
        if guild is None or not guild.has_bot:
            raise ApiError(403, 50001, "Missing Access")
        return guild.id

    def _with_ids(self, where: int | None, bodies: Sequence[Mapping[str, Any]]) -> Any:
        old = {(one["type"], one["name"]): one["id"] for one in self.registered.get(where, [])}
        own = {} if where is None else {"guild_id": str(where)}
        return [self._payload(body, old) | own for body in bodies]

    def _payload(self, body: Mapping[str, Any], old: Mapping[Any, str]) -> dict[str, Any]:
        kind, permissions = body.get("type", 1), body.get("default_member_permissions")
        known = old.get((kind, body["name"]))
        return {
            "nsfw": False,
            "description": "",
            **body,
            "type": kind,
            "id": known or str(self._world.ids.next()),
            "application_id": str(self._world.application),
            "version": str(self._world.ids.next()),
            "default_member_permissions": None if permissions is None else str(permissions),
        }
