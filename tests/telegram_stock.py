"""A small bot on stock python-telegram-bot, to test the local Bot API with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from servers.telegram.http_api import HttpApi
from servers.telegram.update_queue import ChangeNotifier
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    TypeHandler,
)

Context = ContextTypes.DEFAULT_TYPE
StockApplication = Application[Any, Any, Any, Any, Any, Any]
_PAGES = 50


def page(number: int) -> dict[str, Any]:
    """Returns a page of news as arguments of `send_message` and `edit_message_text`."""
    buttons = [[InlineKeyboardButton("Next", callback_data=str(number + 1))]]
    markup = InlineKeyboardMarkup(buttons)
    return {"text": f"<b>Page {number}</b>", "parse_mode": "HTML", "reply_markup": markup}


@dataclass
class StockBot:
    """The bot, with the updates it received and the errors of its polling."""

    application: StockApplication
    seen: list[Update] = field(default_factory=list)
    errors: list[TelegramError] = field(default_factory=list)
    changed: ChangeNotifier = field(default_factory=ChangeNotifier)

    async def receive(self, update: Update, _context: Context) -> None:
        self.seen.append(update)
        self.changed.wake()

    def on_error(self, error: TelegramError) -> None:
        self.errors.append(error)
        self.changed.wake()

    async def saw(self, count: int) -> list[Update]:
        """Waits until the bot has received so many updates."""
        while len(self.seen) < count:
            await self.changed.wait()
        return self.seen

    async def failed(self) -> TelegramError:
        """Waits for an error of polling."""
        while not self.errors:
            await self.changed.wait()
        return self.errors[0]


async def _latest(update: Update, _context: Context) -> None:
    assert update.effective_message
    await update.effective_message.reply_text(**page(1))


async def _turn(update: Update, _context: Context) -> None:
    query = update.callback_query
    assert query
    assert query.data
    if int(query.data) > _PAGES:
        await query.answer("There are no more.", show_alert=True)
        return
    await _edit(query)


async def _edit(query: CallbackQuery) -> None:
    await query.edit_message_text(**page(int(query.data or 0)))
    await query.answer()


async def _inline(update: Update, _context: Context) -> None:
    query = update.inline_query
    assert query
    start = int(query.offset or 0)
    results = [
        InlineQueryResultArticle(
            str(number),
            f"{query.query} {number}",
            InputTextMessageContent(f"<b>{query.query}</b> {number}", parse_mode="HTML"),
            reply_markup=page(1)["reply_markup"],
        )
        for number in range(start, start + 2)
    ]
    await query.answer(results, cache_time=0, next_offset=str(start + 2))


def application_of(server: HttpApi) -> StockBot:
    """Returns the bot, not started."""
    built: StockApplication = (
        Application.builder().token(server.token).base_url(server.base_url).build()
    )
    stock = StockBot(built)
    built.add_handler(TypeHandler(Update, stock.receive), group=-1)
    built.add_handler(CommandHandler("latest", _latest))
    built.add_handler(CallbackQueryHandler(_turn))
    built.add_handler(InlineQueryHandler(_inline))
    return stock


@asynccontextmanager
async def polling(server: HttpApi, **options: Any) -> AsyncIterator[StockBot]:
    """Runs the bot, polling for updates."""
    stock = application_of(server)
    updater = stock.application.updater
    assert updater
    async with stock.application:
        await stock.application.start()
        await updater.start_polling(error_callback=stock.on_error, **options)
        # Updates before the first poll are not filtered by the kinds that it asks for.
        await server.called("getUpdates")
        try:
            yield stock
        finally:
            await updater.stop()
            await stock.application.stop()


async def raw(server: HttpApi, method: str, **params: object) -> dict[str, Any]:
    """Makes a call that python-telegram-bot would not make."""
    body = FormData({name: str(value) for name, value in params.items()})
    async with (
        ClientSession() as session,
        session.post(f"{server.base_url}{server.token}/{method}", data=body) as answer,
    ):
        response: dict[str, Any] = await answer.json()
        return response


async def refused(server: HttpApi, method: str, **params: object) -> str:
    """Returns the reason for which a call is refused."""
    response = await raw(server, method, **params)
    assert (response["ok"], response["error_code"]) == (False, 400)
    assert server.refused.pop().reason == response["description"]
    return str(response["description"])


@pytest.fixture
async def bot(server: HttpApi) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=server.base_url) as stock:
        yield stock
