"""Recording of what moderators change, for the audit list."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.audit.ports import Actor, AuditEntry
from bot.chat.request import Request
from bot.errors import StoreError
from bot.model import Chat
from bot.text.display import shorten

log = logging.getLogger(__name__)

_LONGEST = 200  # characters of a target


async def record_change(
    request: Request, change: str, target: str = "", *, everywhere: bool = False
) -> None:
    """Records that the person who asks has changed something, once that is done.

    What somebody changes in a chat of their own concerns nobody else, and is recorded nowhere. A
    store that cannot be written costs only the record, and is logged: the change is made.

    Args:
        request: The question.
        change: The change, in English and marked by `N_`: `Subscribed to {target}`.
        target: The name of what was changed, as people know it.
        everywhere: True for what concerns not only the chat, such as a topic or a source.
    """
    person, chat = request.person, request.chat
    if person.host:
        if not everywhere:
            return
        chat = Chat(chat.platform, "")  # the id of a private chat may be that of the person
    entry = AuditEntry(
        request.services.clock.now(),
        Actor(request.chat.platform, person.id, person.name),
        replace(chat, rights=None),
        request.command.name,
        change,
        shorten(target, _LONGEST),
    )
    try:
        await request.services.store.audit.record(entry)
    except StoreError as error:
        log.warning("a change could not be recorded: %s", error)
