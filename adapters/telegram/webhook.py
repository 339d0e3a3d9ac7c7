"""The webhook: receives updates over HTTP, where the operator has a public address."""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from telegram import Bot, Update
from telegram.error import BadRequest

from adapters.telegram.connection import Application
from bot.errors import PlatformError

log = logging.getLogger(__name__)

_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # https://core.telegram.org/bots/api#setwebhook
_MAX_BODY = 1024 * 1024  # bytes
_SHUTDOWN_TIMEOUT = 3.0  # seconds for requests under way


@asynccontextmanager
async def receive_webhook(
    application: Application,
    url: str,
    listen: str,
    allowed: Sequence[str],
) -> AsyncIterator[None]:
    """Sets the webhook, and receives updates during the block.

    Telegram is given a new secret each time; requests without it are refused.

    Raises:
        OSError: The address cannot be listened on.
        PlatformError: Telegram refuses the webhook.
        TelegramError: Telegram cannot be reached.
    """
    secret = secrets.token_urlsafe(32)
    runner = web.AppRunner(
        _web_app(application, secret), access_log=None, shutdown_timeout=_SHUTDOWN_TIMEOUT
    )
    await runner.setup()
    host, _, port = listen.rpartition(":")
    try:
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        await _set_webhook(application.bot, url, secret, allowed)
        log.info("Telegram sends updates to %s, which must forward them to %s", url, listen)
        yield
    finally:
        await runner.cleanup()


async def _set_webhook(bot: Bot, url: str, secret: str, allowed: Sequence[str]) -> None:
    try:
        await bot.set_webhook(url, secret_token=secret, allowed_updates=allowed)
    except BadRequest as error:
        raise PlatformError(
            f"telegram.webhook_url: Telegram rejected it: {error.message}"
        ) from error


def _web_app(application: Application, secret: str) -> web.Application:
    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "")
        # In constant time, so that the secret cannot be guessed character by character.
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.de_json(json.loads(await request.read()), application.bot)
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("the webhook received something that is not an update")
            return web.Response(status=400)
        await application.update_queue.put(update)
        return web.Response()

    app = web.Application(client_max_size=_MAX_BODY)
    app.router.add_post("/{path:.*}", receive)
    return app
