"""Telling the bot of updates by requests to its webhook, and by long polling."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from aiohttp import ClientError, ClientSession

from servers.telegram.calls import ApiError, Args, Json, RefusedError
from servers.telegram.spec import Spec
from servers.telegram.updates import Updates

_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
    " webhook first"
)
_TRIES = 3
_PAUSE = 0.005  # seconds, between two tries


class Delivery:
    """How the bot learns what happens.

    Attributes:
        url: The webhook; empty for none.
        ways: By what address the webhook's public one is reached: nothing here speaks HTTPS.
        error: Why the last update was not delivered.
    """

    def __init__(self, updates: Updates, spec: Spec | None) -> None:
        self.url = ""
        self.secret = ""
        self.ways: dict[str, str] = {}
        self.error = ""
        self._updates = updates
        self._spec = spec
        self._connections = 40
        self._worker: asyncio.Task[None] | None = None

    def methods(self) -> dict[str, tuple[Any, str]]:
        """What each does, and the parameters of which it knows the meaning."""
        return {
            "getUpdates": (self.get_updates, "offset limit timeout allowed_updates"),
            "setWebhook": (
                self.set_webhook,
                "url max_connections allowed_updates drop_pending_updates secret_token",
            ),
            "deleteWebhook": (self.delete_webhook, "drop_pending_updates"),
            "getWebhookInfo": (self.get_info, ""),
        }

    async def get_updates(self, args: Args) -> list[Json]:
        if self.url:
            raise ApiError(409, _ACTIVE)
        self._allow(args)
        limit, timeout = args.number("limit", 100), args.number("timeout")
        return await self._updates.poll(args.number("offset"), limit, timeout)

    async def set_webhook(self, args: Args) -> bool:
        self._allow(args)
        await self._change(args, args.text("url"))
        self.secret = args.text("secret_token")
        self._connections = args.number("max_connections", 40)
        return True

    async def delete_webhook(self, args: Args) -> bool:
        await self._change(args, "")
        return True

    async def get_info(self, _args: Args) -> Json:
        told: Json = {"url": self.url, "has_custom_certificate": False}
        told["pending_update_count"] = len(self._updates.pending)
        if self._updates.allowed:
            told["allowed_updates"] = sorted(self._updates.allowed)
        if self.error:
            told |= {"last_error_date": 1, "last_error_message": self.error}
        return {**told, "max_connections": self._connections} if self.url else told

    def _allow(self, args: Args) -> None:
        kinds = args.data("allowed_updates")
        if self._spec and (unknown := set(kinds or ()) - self._spec.updates):
            raise RefusedError(f"allowed_updates: there is no {', '.join(sorted(unknown))}")
        self._updates.allow(kinds)

    async def _change(self, args: Args, url: str) -> None:
        if args.flag("drop_pending_updates"):
            self._updates.pending.clear()
        await self.aclose()
        self.url = url
        if url:
            self._updates.end_polls()
            self._worker = asyncio.create_task(self._deliver())

    async def aclose(self) -> None:
        """Delivers nothing more to the webhook."""
        if self._worker:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        self._worker = None

    def resume(self) -> None:
        """Delivers to the webhook again, if there is one."""
        if self.url and self._worker is None:
            self._worker = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        """Sends the webhook each update, in order; what is refused stays."""
        async with ClientSession() as session:
            while True:
                change = self._updates.waking.next()
                while self._updates.pending and await self._is_taken(session):
                    self._updates.pending.pop(0)
                await change.wait()

    async def _is_taken(self, session: ClientSession) -> bool:
        for _ in range(_TRIES):
            self.error = await self._refusal(session)
            if not self.error:
                return True
            await asyncio.sleep(_PAUSE)
        return False

    async def _refusal(self, session: ClientSession) -> str:
        """Why the webhook did not take the oldest update; empty when it did."""
        way = next((one for one in self.ways if self.url.startswith(one)), None)
        if way is None:
            return "Failed to resolve host: no test said what stands behind the address"
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        address = self.ways[way] + self.url.removeprefix(way)
        try:
            async with session.post(
                address, json=self._updates.pending[0], headers=headers
            ) as answer:
                body = await answer.text()
        except ClientError as error:
            return f"Connection failed: {error}"
        if answer.ok and "method" in body:
            return "the webhook answered with a call, which this server does not know to make"
        return "" if answer.ok else f"Wrong response from the webhook: {answer.status}"
