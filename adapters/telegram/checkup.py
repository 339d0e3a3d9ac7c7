"""Examines the bot on Telegram: its token, its settings there, and its rights where it posts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from adapters.telegram.rights import ask_rights
from bot.config.platforms import TelegramConfig
from bot.model import Chat
from bot.monitoring.findings import Finding, note, trouble, well

_REFUSED = (
    "send /token to @BotFather, and put the new token into DATELINE_TELEGRAM_TOKEN or token_file"
)
_NETWORK = "look at the network, a firewall, and telegram.api_url"


async def examine_telegram(
    config: TelegramConfig, token: str, chats: Iterable[Chat]
) -> AsyncIterator[Finding]:
    """Yields findings; nothing is sent that anybody sees.

    Args:
        config: The settings.
        token: The bot's token.
        chats: Where posts go.
    """
    bot = Bot(token, base_url=f"{config.api_url}/bot", base_file_url=f"{config.api_url}/file/bot")
    try:
        async with bot:
            yield well(f"Telegram: signed in as @{bot.username}")
            yield await _inline(bot)
            yield await _updates(bot, config)
            for chat in chats:
                yield await _chat(bot, chat)
    except InvalidToken:
        yield trouble("Telegram: the token is refused", _REFUSED)
    except TelegramError as error:
        yield trouble(f"Telegram cannot be reached: {error.message}", _NETWORK)


async def _inline(bot: Bot) -> Finding:
    if bot.supports_inline_queries:
        return well("Telegram: the bot can be used in any chat (inline mode)")
    remedy = "if you want that, send /setinline to @BotFather"
    return note("Telegram: the bot cannot be used in other chats (inline mode is off)", remedy)


async def _updates(bot: Bot, config: TelegramConfig) -> Finding:
    """Compares how updates come with the configuration; each start sets it right."""
    hook = await bot.get_webhook_info()
    if hook.last_error_message and config.webhook_url:
        return trouble(
            f"Telegram: updates do not arrive at telegram.webhook_url: {hook.last_error_message}",
            "have your web server forward that address to telegram.webhook_listen",
        )
    if hook.url and not config.webhook_url:
        return note("Telegram: a webhook is set, of another process", "the next start removes it")
    return well(f"Telegram: {hook.pending_update_count} updates wait to be answered")


async def _chat(bot: Bot, chat: Chat) -> Finding:
    named = f"Telegram: chat {chat.id}"
    try:
        rights = await ask_rights(bot, int(chat.id))
    except TelegramError as error:
        return trouble(f"{named}: {error.message}", "add the bot to the chat again")
    if rights.missing:
        lacks = ", ".join(rights.missing)
        return trouble(f"{named}: nothing can be posted there", f"allow the bot there: {lacks}")
    if rights.wanted:
        return note(f"{named}: posts lack something", f"allow: {', '.join(rights.wanted)}")
    return well(f"{named}: posts can go there")
