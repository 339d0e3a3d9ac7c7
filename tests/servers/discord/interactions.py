"""How a scripted Discord takes the answers to interactions, and what follows them."""

from __future__ import annotations

from typing import Any

from servers.discord.answers import (
    AUTOCOMPLETE,
    COMPONENT,
    DEFER,
    DEFER_UPDATE,
    MODAL,
    REPLY,
    SUGGEST,
    UPDATE,
    Answer,
)
from servers.discord.calls import ApiError, Call
from servers.discord.payloads import message as payload
from servers.discord.payloads import user
from servers.discord.rules import is_empty
from servers.discord.world import EPHEMERAL, LOADING, Body, Message, World

DEADLINE = 3.0  # seconds for the first answer
VALID = 15 * 60.0  # seconds for all that follows


class Interactions:
    """The interactions of a world, by their tokens."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._answers: dict[str, Answer] = {}

    def add(self, answer: Answer) -> None:
        self._answers[answer.token] = answer

    def of(self, call: Call) -> Answer | None:
        """What a call belongs to."""
        return self._answers.get(call.match.get("token", ""))

    def edited(self, call: Call) -> Message | None:
        """The message that a call would change."""
        answer = self.of(call)
        if answer is None or call.method == "GET":
            return None
        if "callback" in call.path:
            return answer.source
        return self._message(answer, call.match.get("message", ""))

    async def callback(self, call: Call) -> Any:
        """POST /interactions/{id}/{token}/callback."""
        answer = self.of(call)
        if answer is None or answer.id != call.id("id"):
            raise ApiError(404, 10062, "Unknown interaction")
        if not answer.type and self._world.clock.now() - answer.began > DEADLINE:
            answer.failed = f"answered later than {DEADLINE:.0f} s"
            raise ApiError(404, 10062, "Unknown interaction")
        if answer.type:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        self._take(answer, call.body["type"], call.body.get("data") or {})
        return _receipt(answer, self._world) if call.query.get("with_response") else None

    def _take(self, answer: Answer, kind: int, data: Body) -> None:
        if kind not in _allowed(answer):
            raise ApiError(400, 50035, f"An answer of type {kind} does not fit this interaction.")
        if kind in {REPLY, DEFER}:
            answer.message = self._say(answer, data, loading=kind == DEFER)
        elif kind in {UPDATE, DEFER_UPDATE}:
            answer.message = answer.source
        if kind == UPDATE:
            self._change(answer, answer.shown, data)
        elif kind == SUGGEST:
            answer.choices = list(data.get("choices") or ())
        elif kind == MODAL:
            answer.modal = data
        answer.type = kind

    async def follow(self, call: Call) -> Any:
        """POST /webhooks/{application}/{token}."""
        answer = self._open(call)
        if answer.type == DEFER and answer.shown.flags & LOADING:
            # What comes first after a deferred reply takes its place.
            self._change(answer, answer.shown, _without_ephemeral(call.body))
            return self._told(answer.shown)
        message = self._say(answer, call.body)
        answer.followups.append(message)
        return self._told(message)

    async def get(self, call: Call) -> Any:
        """GET /webhooks/{application}/{token}/messages/{message}."""
        return self._told(self._existing(self._open(call), call))

    async def edit(self, call: Call) -> Any:
        """PATCH of the same."""
        answer = self._open(call)
        message = self._existing(answer, call)
        self._change(answer, message, call.body)
        return self._told(message)

    async def delete(self, call: Call) -> Any:
        """DELETE of the same."""
        message = self._existing(self._open(call), call)
        message.deleted = True
        message.channel.messages.pop(message.id, None)

    def _open(self, call: Call) -> Answer:
        answer = self.of(call)
        known = answer is not None and call.id("application") == self._world.application
        if answer is None or not known or answer.type in {0, SUGGEST}:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self._world.clock.now() - answer.began > VALID:
            answer.failed = "the token was used after 15 minutes"
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return answer

    def _existing(self, answer: Answer, call: Call) -> Message:
        message = self._message(answer, call.match["message"])
        if message is None or message.deleted:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def _message(self, answer: Answer, name: str) -> Message | None:
        if name == "@original":
            return answer.message
        known = [*answer.followups, *filter(None, [answer.message])]
        return next((one for one in known if str(one.id) == name), None)

    def _say(self, answer: Answer, data: Body, *, loading: bool = False) -> Message:
        if not loading and is_empty(data):
            raise ApiError(400, 50006, "Cannot send an empty message")
        flags = int(data.get("flags") or 0) | (LOADING if loading else 0)
        message = self._world.add_message(
            answer.channel, self._world.bot, dict(data) | {"flags": flags}
        )
        message.only = answer.person if message.ephemeral else None
        message.interaction = {
            "id": str(answer.id),
            "type": answer.kind,
            "user": user(answer.person),
            "authorizing_integration_owners": {},
        }
        return message

    def _change(self, answer: Answer, message: Message, data: Body) -> None:
        if is_empty(message.body | dict(data)):
            raise ApiError(400, 50006, "Cannot send an empty message")
        message.edit(data)
        if message is answer.message:
            answer.edits.append(data)

    def _told(self, message: Message) -> Any:
        return payload(message, self._world.application)


def _allowed(answer: Answer) -> set[int]:
    if answer.kind == AUTOCOMPLETE:
        return {SUGGEST}
    if answer.kind == COMPONENT:
        return {REPLY, DEFER, DEFER_UPDATE, UPDATE, MODAL}
    return {REPLY, DEFER, MODAL}


def _without_ephemeral(body: Body) -> Body:
    """Who sees it was said when the answer was deferred."""
    return dict(body) | {"flags": int(body.get("flags") or 0) & ~EPHEMERAL}


def _receipt(answer: Answer, world: World) -> Any:
    told: dict[str, Any] = {"id": str(answer.id), "type": answer.kind}
    receipt: dict[str, Any] = {"interaction": told}
    if answer.message is not None:
        told |= {
            "response_message_id": str(answer.message.id),
            "response_message_loading": bool(answer.message.flags & LOADING),
            "response_message_ephemeral": answer.message.ephemeral,
        }
    if answer.type in {REPLY, UPDATE}:
        shown = payload(answer.shown, world.application)
        receipt["resource"] = {"type": answer.type, "message": shown}
    return receipt
