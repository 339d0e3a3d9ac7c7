"""Rights to change the sources: of operators, and of moderators where the operator allows it."""

from __future__ import annotations

import math

from bot.chat.request import Request
from bot.chat.source_edits import SourceEditor, SourcePolicy
from bot.errors import NotAllowedError, ReaderError, TooSoonError
from bot.ingest.added_sources import EditStamp
from bot.text.display import add_quotes
from bot.text.hosts import parse_host_and_port
from bot.text.special_addresses import special_purpose_url_kind
from bot.text.urls import split_url


def editor_of(request: Request) -> SourceEditor:
    """Returns what changes the sources.

    Raises:
        ReaderError: They are what they are, as in a bot that shows samples.
    """
    editor = request.services.source_editor
    if editor is None:
        raise ReaderError(request.gettext("The sources cannot be changed here."))
    return editor


def may_edit(request: Request) -> bool:
    """Tells whether the person may change the sources."""
    editor, person = request.services.source_editor, request.person
    if editor is None:
        return False
    return person.operator or (person.moderator and editor.policy.moderators)


def check_rights(request: Request) -> SourceEditor:
    """Makes sure that the person may change the sources.

    Raises:
        NotAllowedError: They may not.
        ReaderError: Nobody may.
    """
    editor = editor_of(request)
    if not may_edit(request):
        told = request.gettext("Only operators can change the sources.")
        raise NotAllowedError(told)
    return editor


def check_address(request: Request, url: str) -> None:
    """Makes sure that only who runs the bot names a private host that the configuration allows.

    Raises:
        NotAllowedError: Somebody else does.
    """
    if request.person.operator or not is_private_host(url, editor_of(request).policy):
        return
    told = request.gettext("Only operators can add a source on this host.")
    raise NotAllowedError(told)


def check_public(request: Request, url: str) -> None:
    """Makes sure that an address which is kept unasked is not on a private host, by its name.

    Raises:
        ReaderError: It is, and the configuration does not allow that.
    """
    if reason := private_host_reason(url, editor_of(request).policy):
        told = request.gettext("{address} cannot be added: {reason}")
        raise ReaderError(told.format(address=add_quotes(url), reason=reason))


def private_host_reason(url: str, policy: SourcePolicy) -> str:
    """Says that a private host is not allowed, as far as its name tells; nothing of any other.

    What a name leads to is seen when it is asked.
    """
    kind = special_purpose_url_kind(url)
    if not kind or is_private_host(url, policy):
        return ""
    return f"it is {kind} address; the operator can allow it by allow_hosts in the configuration"


def is_private_host(url: str, policy: SourcePolicy) -> bool:
    """Tells whether an address is on a private host that the configuration allows, on any port."""
    parts = split_url(url)
    try:
        host, _ = parse_host_and_port((parts and parts.hostname) or "")
    except ValueError:
        return False
    return host in {parse_host_and_port(one)[0] for one in policy.private_hosts}


def check_pace(request: Request) -> None:
    """Makes sure that a moderator does not have the bot ask other sites all the time.

    Raises:
        ReaderError: They had it do so a moment ago.
    """
    services = request.services
    if request.person.operator:
        return
    try:
        editor_of(request).pace.admit(
            f"{request.chat.platform}:{request.person.id}", services.reload_cooldown
        )
    except TooSoonError as error:
        seconds = math.ceil(error.wait)
        message = request.ngettext(
            "One at a time, please. Try again in {seconds} second.",
            "One at a time, please. Try again in {seconds} seconds.",
            seconds,
        )
        raise ReaderError(message.format(seconds=seconds)) from None


def stamp(request: Request) -> EditStamp:
    """Returns who asks, and when."""
    person = request.person
    now = request.services.clock.now()
    return EditStamp(now, request.chat.platform, person.id, person.name)
