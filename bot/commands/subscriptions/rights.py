"""Wording of what the bot may not do in a chat, and of what has to be allowed for its posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chat.request import Request
from bot.commands.subscriptions.roles import role_mention
from bot.subscriptions.model import Subscription


def missing_rights_text(request: Request, missing: Sequence[str]) -> str:
    """Returns what has to be allowed before anything can be posted."""
    text = request.gettext(
        "I am not allowed to post here yet. Ask someone who manages this chat to allow me: "
        "{permissions}. Then subscribe again."
    )
    return text.format(permissions=request.words.join(missing))


def rights_texts(request: Request, one: Subscription) -> Iterator[str]:
    """Yields what posts here lack until something is allowed; nothing where all is well."""
    _ = request.gettext
    rights = request.chat.rights
    if rights is None:
        return
    if rights.missing:
        yield missing_rights_text(request, rights.missing)
    if rights.wanted and one.picture:
        text = _("Posts have no link previews until I am allowed: {permissions}.")
        yield text.format(permissions=request.words.join(rights.wanted))
    if rights.threads and one.threads:
        text = _("Posts open no threads until I am allowed: {permissions}.")
        yield text.format(permissions=request.words.join(rights.threads))
    if one.role in rights.silent_roles:
        text = _(
            "{role} is not notified yet: let anyone mention it (Server Settings, Roles), or allow "
            "me Mention Everyone."
        )
        yield text.format(role=role_mention(one.role))
