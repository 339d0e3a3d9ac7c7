"""Roles, as somebody in a Discord server names one."""

from __future__ import annotations

import re

from bot.chat.request import Request
from bot.errors import ReaderError

NO_ROLE = ("none", "off")

_ROLE = re.compile(r"(?:<@&)?(?P<id>[0-9]{15,20})>?")


def role_named(request: Request, typed: str) -> str:
    """The id of the role that is named; an empty text for none.

    Raises:
        ReaderError: It names no role.
    """
    value = typed.casefold()
    role = _ROLE.fullmatch(value)
    if value not in NO_ROLE and role is None:
        raise ReaderError(request.gettext("Name the role as @Role, or write none."))
    return role["id"] if role else ""


def mention(role: str) -> str:
    """A role as Discord shows it by its name."""
    return f"<@&{role}>"
