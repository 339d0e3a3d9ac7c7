"""The webhook: receives updates over HTTP, where the operator has a public address."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from telegram import Bot, Update
from telegram.error import BadRequest

from adapters.telegram.connection import Application
from adapters.web_listener import Handler, WebListener
from bot.errors import PlatformError

log = logging.getLogger(__name__)

_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # https://core.telegram.org/bots/api#setwebhook


@asynccontextmanager
async def receive_webhook(
    application: Application,
    url: str,
    listener: WebListener,
    allowed: Sequence[str],
) -> AsyncIterator[None]:
    """Sets the webhook, and receives updates during the block.

    Requests without the secret are refused. It follows from the token: all processes behind one
    address know it, and a new token has a new one.

    Raises:
        OSError: The address cannot be listened on.
        PlatformError: Telegram refuses the webhook.
        TelegramError: Telegram cannot be reached.
    """
    token = application.bot.token.encode()
    secret = hmac.new(token, b"the webhook's secret", hashlib.sha256).hexdigest()
    async with listener.handling(_receiver(application, secret)):
        await _set_webhook(application.bot, url, secret, allowed)
        log.info("Telegram sends updates to %s, which must forward them to %s", url, listener)
        yield


async def _set_webhook(bot: Bot, url: str, secret: str, allowed: Sequence[str]) -> None:
    try:
        await bot.set_webhook(url, secret_token=secret, allowed_updates=allowed)
    except BadRequest as error:
        raise PlatformError(
            f"telegram.webhook_url: Telegram rejected it: {error.message}"
        ) from error


def _receiver(application: Application, secret: str) -> Handler:
    async def receive(request: web.Request) -> web.Response:
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        given = request.headers.get(_HEADER, "").encode(errors="surrogateescape")
        # In constant time, so that the secret cannot be guessed character by character.
        if not hmac.compare_digest(given, secret.encode()):
            return web.Response(status=403)
        update = _parse_update(await request.read(), application.bot)
        if update is None:
            log.warning("the webhook received something that is not an update")
            return web.Response(status=400)
        await application.update_queue.put(update)
        return web.Response()

    return receive


def _parse_update(body: bytes, bot: Bot) -> Update | None:
    """Parses an update; returns None for anything else."""
    try:
        given = json.loads(body)
        if not isinstance(given, dict) or type(given.get("update_id")) is not int:
            return None
        return Update.de_json(given, bot)
    except Exception:  # noqa: BLE001 - the library names no exceptions, and any means the same
        return None
