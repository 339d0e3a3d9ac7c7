"""Files that come with a message, or with the one that it replies to."""

from __future__ import annotations

from functools import partial

from telegram import Bot, Document, Message
from telegram.error import TelegramError

from adapters.telegram.failures import classify
from bot.chat.attachments import Attachment, AttachmentError
from bot.chat.command import Command


def attachment_of(message: Message, command: Command | None, bot: Bot) -> Attachment | None:
    """Returns the file that a command takes: that of its own message, else of the quoted one."""
    if command is None or not command.takes_file:
        return None
    replied = message.reply_to_message
    document = message.document or (replied.document if replied else None)
    if document is None:
        return None
    return Attachment(
        document.file_name or "", document.file_size or 0, partial(_read, bot, document)
    )


async def _read(bot: Bot, document: Document) -> bytes:
    """Downloads a file; Telegram gives a bot none beyond 20 MB.

    Its address holds the token, so nothing of the library's error is passed on but what it means.
    """
    try:
        file = await bot.get_file(document)
        return bytes(await file.download_as_bytearray())
    except TelegramError as error:
        raise AttachmentError(str(classify(error))) from None
