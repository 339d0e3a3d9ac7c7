"""Roles, as they are named and mentioned."""

from __future__ import annotations

import re

from bot.chat.request import Request
from bot.errors import ReaderError

NO_ROLE = ("none", "off")

_ROLE = re.compile(r"(?:<@&)?(?P<id>[0-9]{15,20})>?")


def parse_role(request: Request, typed: str) -> str:
    """Returns the id of the role that is named; an empty text for none.

    Raises:
        ReaderError: It names no role.
    """
    value = typed.casefold()
    role = _ROLE.fullmatch(value)
    if value not in NO_ROLE and role is None:
        raise ReaderError(request.gettext("Give the role as @Role, or type none."))
    return role["id"] if role else ""


def role_mention(role: str) -> str:
    """Returns the mention of a role: a platform that has roles shows it by its name."""
    return f"<@&{role}>"
