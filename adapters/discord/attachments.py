"""Files that come with a command or a message."""

from __future__ import annotations

from functools import partial

import discord

from adapters.discord.failures import REQUEST_ERRORS, classify
from bot.chat.attachments import Attachment, AttachmentError


def make_attachment(given: discord.Attachment) -> Attachment:
    """Returns a file of Discord's as the core knows it."""
    return Attachment(given.filename, given.size, partial(_read, given))


async def _read(given: discord.Attachment) -> bytes:
    try:
        return await given.read()
    except REQUEST_ERRORS as error:
        raise AttachmentError(str(classify(error))) from None
