"""The routes of interactions: callback, follow-ups, and edits of responses."""

from __future__ import annotations

from typing import Any

from servers.discord.calls import ApiError, Call
from servers.discord.interaction import (
    AUTOCOMPLETE,
    COMPONENT,
    DEFER,
    DEFER_UPDATE,
    FORM,
    MODAL,
    REPLY,
    SUGGEST,
    UPDATE,
    Interaction,
)
from servers.discord.payloads import message as payload
from servers.discord.payloads import user
from servers.discord.rules import is_empty
from servers.discord.world import EPHEMERAL, LOADING, Body, Message, World

DEADLINE = 3.0  # seconds for the initial response
VALID = 15 * 60.0  # seconds for all that follows


class InteractionRoutes:
    """Handles the bot's responses to interactions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._interactions: dict[str, Interaction] = {}

    def add(self, interaction: Interaction) -> None:
        self._interactions[interaction.token] = interaction

    def find(self, call: Call) -> Interaction | None:
        """Returns the interaction that a call responds to."""
        return self._interactions.get(call.match.get("token", ""))

    def edited(self, call: Call) -> Message | None:
        """Returns the message that a call would edit."""
        interaction = self.find(call)
        if interaction is None or call.method == "GET":
            return None
        if "callback" in call.path:
            return interaction.source
        return self._message(interaction, call.match.get("message", ""))

    async def callback(self, call: Call) -> Any:
        """POST /interactions/{id}/{token}/callback."""
        interaction = self.find(call)
        if interaction is None or interaction.id != call.id("id"):
            raise ApiError(404, 10062, "Unknown interaction")
        if not interaction.type and self._world.clock.now() - interaction.created > DEADLINE:
            interaction.failed = f"answered later than {DEADLINE:.0f} s"
            raise ApiError(404, 10062, "Unknown interaction")
        if interaction.type:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        self._respond(interaction, call.body["type"], call.body.get("data") or {})
        return (
            _callback_response(interaction, self._world)
            if call.query.get("with_response")
            else None
        )

    def _respond(self, interaction: Interaction, kind: int, data: Body) -> None:
        if kind not in _allowed_types(interaction):
            raise ApiError(
                400, 50035, f"An interaction of type {kind} does not fit this interaction."
            )
        if kind in {REPLY, DEFER}:
            interaction.message = self._create(interaction, data, loading=kind == DEFER)
        elif kind in {UPDATE, DEFER_UPDATE}:
            interaction.message = interaction.source
        if kind == UPDATE:
            self._edit(interaction, interaction.shown, data)
        elif kind == SUGGEST:
            interaction.choices = list(data.get("choices") or ())
        elif kind == MODAL:
            interaction.modal = data
        interaction.type = kind

    async def create_followup(self, call: Call) -> Any:
        """POST /webhooks/{application}/{token}."""
        interaction = self._find_open(call)
        if interaction.type == DEFER and interaction.shown.flags & LOADING:
            # The first follow-up after a deferral takes its place.
            self._edit(interaction, interaction.shown, _without_ephemeral(call.body))
            return self._payload(interaction.shown)
        message = self._create(interaction, call.body)
        interaction.followups.append(message)
        return self._payload(message)

    async def get(self, call: Call) -> Any:
        """GET /webhooks/{application}/{token}/messages/{message}."""
        return self._payload(self._find_message(self._find_open(call), call))

    async def edit(self, call: Call) -> Any:
        """PATCH of the same."""
        interaction = self._find_open(call)
        message = self._find_message(interaction, call)
        self._edit(interaction, message, call.body)
        return self._payload(message)

    async def delete(self, call: Call) -> Any:
        """DELETE of the same."""
        message = self._find_message(self._find_open(call), call)
        message.deleted = True
        message.channel.messages.pop(message.id, None)

    def _find_open(self, call: Call) -> Interaction:
        interaction = self.find(call)
        known = interaction is not None and call.id("application") == self._world.application
        if interaction is None or not known or interaction.type in {0, SUGGEST}:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self._world.clock.now() - interaction.created > VALID:
            interaction.failed = "the token was used after 15 minutes"
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def _find_message(self, interaction: Interaction, call: Call) -> Message:
        message = self._message(interaction, call.match["message"])
        if message is None or message.deleted:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def _message(self, interaction: Interaction, name: str) -> Message | None:
        if name == "@original":
            return interaction.message
        known = [*interaction.followups, *filter(None, [interaction.message])]
        return next((one for one in known if str(one.id) == name), None)

    def _create(self, interaction: Interaction, data: Body, *, loading: bool = False) -> Message:
        if not loading and is_empty(data):
            raise ApiError(400, 50006, "Cannot send an empty message")
        flags = int(data.get("flags") or 0) | (LOADING if loading else 0)
        message = self._world.add_message(
            interaction.channel, self._world.bot, dict(data) | {"flags": flags}
        )
        message.only = interaction.person if message.ephemeral else None
        message.interaction = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "user": user(interaction.person),
            "authorizing_integration_owners": {},
        }
        return message

    def _edit(self, interaction: Interaction, message: Message, data: Body) -> None:
        if is_empty(message.body | dict(data)):
            raise ApiError(400, 50006, "Cannot send an empty message")
        message.edit(data)
        if message is interaction.message:
            interaction.edits.append(data)

    def _payload(self, message: Message) -> Any:
        return payload(message, self._world.application)


def _allowed_types(interaction: Interaction) -> set[int]:
    if interaction.kind == AUTOCOMPLETE:
        return {SUGGEST}
    if interaction.kind == COMPONENT:
        return {REPLY, DEFER, DEFER_UPDATE, UPDATE, MODAL}
    if interaction.kind == FORM:  # which opens no other
        return {REPLY, DEFER, DEFER_UPDATE, UPDATE} if interaction.source else {REPLY, DEFER}
    return {REPLY, DEFER, MODAL}


def _without_ephemeral(body: Body) -> Body:
    """Drops the flag: who sees the answer was settled when it was deferred."""
    return dict(body) | {"flags": int(body.get("flags") or 0) & ~EPHEMERAL}


def _callback_response(interaction: Interaction, world: World) -> Any:
    fields: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind}
    receipt: dict[str, Any] = {"interaction": fields}
    if interaction.message is not None:
        fields |= {
            "response_message_id": str(interaction.message.id),
            "response_message_loading": bool(interaction.message.flags & LOADING),
            "response_message_ephemeral": interaction.message.ephemeral,
        }
    if interaction.type in {REPLY, UPDATE}:
        shown = payload(interaction.shown, world.application)
        receipt["resource"] = {"type": interaction.type, "message": shown}
    return receipt
