"""Delivery of updates: by requests to a webhook, or by long polling."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from aiohttp import ClientError, ClientSession

from servers.telegram.calls import ApiError, Arguments, Json, RefusedError
from servers.telegram.spec import Spec
from servers.telegram.update_queue import UpdateQueue

_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
    " webhook first"
)
_TRIES = 3
_RETRY_DELAY = 0.005  # seconds, between two tries


class UpdateDelivery:
    """Delivers updates, and handles the methods for that.

    Attributes:
        url: The webhook; empty for none.
        routes: The local address behind each public one: this server speaks no HTTPS.
        error: The reason why the last update was not delivered.
    """

    def __init__(self, updates: UpdateQueue, spec: Spec | None) -> None:
        self.url = ""
        self.secret = ""
        self.routes: dict[str, str] = {}
        self.error = ""
        self._updates = updates
        self._spec = spec
        self._connections = 40
        self._worker: asyncio.Task[None] | None = None

    def methods(self) -> dict[str, tuple[Any, str]]:
        """Returns each method with the parameters that it models."""
        return {
            "getUpdates": (self.get_updates, "offset limit timeout allowed_updates"),
            "setWebhook": (
                self.set_webhook,
                "url max_connections allowed_updates drop_pending_updates secret_token",
            ),
            "deleteWebhook": (self.delete_webhook, "drop_pending_updates"),
            "getWebhookInfo": (self.get_info, ""),
        }

    async def get_updates(self, args: Arguments) -> list[Json]:
        if self.url:
            raise ApiError(409, _WEBHOOK_ACTIVE)
        self._allow(args)
        limit, timeout = args.number("limit", 100), args.number("timeout")
        return await self._updates.poll(args.number("offset"), limit, timeout)

    async def set_webhook(self, args: Arguments) -> bool:
        self._allow(args)
        await self._change(args, args.text("url"))
        self.secret = args.text("secret_token")
        self._connections = args.number("max_connections", 40)
        return True

    async def delete_webhook(self, args: Arguments) -> bool:
        await self._change(args, "")
        return True

    async def get_info(self, _args: Arguments) -> Json:
        info: Json = {"url": self.url, "has_custom_certificate": False}
        info["pending_update_count"] = len(self._updates.pending)
        if self._updates.allowed:
            info["allowed_updates"] = sorted(self._updates.allowed)
        if self.error:
            info |= {"last_error_date": 1, "last_error_message": self.error}
        return {**info, "max_connections": self._connections} if self.url else info

    def _allow(self, args: Arguments) -> None:
        kinds = args.data("allowed_updates")
        if self._spec and (unknown := set(kinds or ()) - self._spec.updates):
            raise RefusedError(f"allowed_updates: there is no {', '.join(sorted(unknown))}")
        self._updates.allow(kinds)

    async def _change(self, args: Arguments, url: str) -> None:
        if args.flag("drop_pending_updates"):
            self._updates.pending.clear()
        await self.aclose()
        self.url = url
        if url:
            self._updates.end_polls()
            self._worker = asyncio.create_task(self._deliver())

    async def aclose(self) -> None:
        """Stops delivering to the webhook."""
        if self._worker:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        self._worker = None

    def resume(self) -> None:
        """Resumes delivering to the webhook, if there is one."""
        if self.url and self._worker is None:
            self._worker = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        """Sends each update to the webhook, in order; one that is refused stays in the queue."""
        async with ClientSession() as session:
            while True:
                change = self._updates.changed.next()
                while self._updates.pending and await self._try_deliver(session):
                    self._updates.pending.pop(0)
                await change.wait()

    async def _try_deliver(self, session: ClientSession) -> bool:
        for _ in range(_TRIES):
            self.error = await self._post(session)
            if not self.error:
                return True
            await asyncio.sleep(_RETRY_DELAY)
        return False

    async def _post(self, session: ClientSession) -> str:
        """Sends the oldest update; returns why the webhook did not accept it, or an empty text."""
        route = next((one for one in self.routes if self.url.startswith(one)), None)
        if route is None:
            return "Failed to resolve host: no test gave a route to the address"
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        address = self.routes[route] + self.url.removeprefix(route)
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
