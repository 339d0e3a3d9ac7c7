"""The application's own emoji (https://docs.discord.com/developers/resources/emoji)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from servers.discord.calls import ApiError, Call
from servers.discord.payloads import user
from servers.discord.world import World

MOST, MAX_BYTES = 2_000, 256 << 10
_IMAGE = re.compile(r"data:(image/(?:png|jpeg|gif|webp|avif));base64,(.+)", re.DOTALL)
_NAME = re.compile(r"\w{2,32}", re.ASCII)


@dataclass(frozen=True)
class AppEmoji:
    """An emoji of the application.

    Attributes:
        type: The media type of its image.
        image: The image.
    """

    id: int
    name: str
    type: str
    image: bytes

    def __str__(self) -> str:
        return f"<{'a' * (self.type == 'image/gif')}:{self.name}:{self.id}>"


class EmojiRoutes:
    """Lists, makes and deletes them.

    Attributes:
        by_id: Those that there are.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.by_id: dict[int, AppEmoji] = {}

    def add(self, name: str, kind: str = "image/png", image: bytes = b"") -> AppEmoji:
        """Adds an emoji, as the operator may on the web."""
        made = AppEmoji(self._world.ids.next(), name, kind, image)
        self.by_id[made.id] = made
        return made

    async def list(self, call: Call) -> Any:
        """GET /applications/{application}/emojis."""
        self._check(call)
        return {"items": [self._payload(one) for one in self.by_id.values()]}

    async def create(self, call: Call) -> Any:
        """POST /applications/{application}/emojis."""
        self._check(call)
        if len(self.by_id) >= MOST:
            raise ApiError(400, 30008, f"Maximum number of emojis reached ({MOST})")
        name = call.body["name"]
        if not _NAME.fullmatch(name) or name in {one.name for one in self.by_id.values()}:
            raise ApiError(400, 50035, "Invalid Form Body: name")
        return self._payload(self.add(name, *_image(call.body["image"])))

    async def delete(self, call: Call) -> None:
        """DELETE /applications/{application}/emojis/{emoji}."""
        self._check(call)
        if self.by_id.pop(call.id("emoji"), None) is None:
            raise ApiError(404, 10014, "Unknown Emoji")

    def _check(self, call: Call) -> None:
        if call.id("application") != self._world.application:
            raise ApiError(403, 20012, "You are not authorized to perform this action")

    def _payload(self, one: AppEmoji) -> dict[str, Any]:
        flags = {"require_colons": True, "managed": False, "available": True, "roles": []}
        own = {"id": str(one.id), "name": one.name, "animated": one.type == "image/gif"}
        return own | flags | {"user": user(self._world.bot)}


def _image(written: str) -> tuple[str, bytes]:
    """Returns type and bytes of an image that is sent as data: a small one of a known type."""
    match = _IMAGE.fullmatch(written)
    try:
        image = base64.b64decode(match[2], validate=True) if match else b""
    except binascii.Error:
        image = b""
    if match is None or not image:
        raise ApiError(400, 50035, "Invalid Form Body: image")
    if len(image) > MAX_BYTES:
        raise ApiError(400, 50138, "Failed to resize asset below the maximum size: 262144")
    return match[1], image
