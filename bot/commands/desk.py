"""`/desk`: a link by which staff and moderators log in at the desk on the web, and API tokens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.chat.command import Access, Command, Group, Option, OptionKind
from bot.chat.directories import ChatDirectory
from bot.chat.moderation import managed_chats
from bot.chat.request import Request
from bot.commands.desk_actions import ACTION, DESK_NAME, NAME, VERBS, DeskVerb
from bot.commands.desk_tokens import WHAT_FOR, list_tokens, make_token, revoke_token
from bot.errors import NotAllowedError, ReaderError
from bot.i18n import N_
from bot.logins.api_tokens import ApiTokens
from bot.logins.logins import Logins
from bot.logins.ports import Visitor
from bot.reply import Entry, Reply
from bot.text.display import add_quotes

_HANDLERS: Mapping[str, Callable[[Request, ApiTokens, Visitor], Awaitable[Reply]]] = {
    DeskVerb.TOKENS: list_tokens,
    DeskVerb.TOKEN: make_token,
    DeskVerb.REVOKE: revoke_token,
}


async def desk(request: Request) -> Reply:
    """Answers `/desk`.

    Raises:
        NotAllowedError: The person moderates nothing.
        ReaderError: What is asked for cannot be done.
        StoreError: The store cannot be used.
    """
    _ = request.gettext
    logins, platform = request.services.logins, request.chat.platform
    directory = request.services.directories.get(platform)
    if logins is None:
        return _tell(request, _("There is no desk on the web here. The operator can set it up."))
    if directory is None:
        return _tell(request, _("I send links to the desk only on Telegram and Discord."))
    if not request.person.host:
        return _tell(request, _("Please send me /desk in our private chat."))
    await _check(request, directory)
    request = _with_verb(request)
    person = request.person
    visitor = Visitor(platform, person.id, person.name, request.chat.id)
    if request.text(ACTION):
        return await _HANDLERS[request.text(ACTION)](request, logins.tokens, visitor)
    return await _give_link(request, logins, visitor)


def _with_verb(request: Request) -> Request:
    """Returns the request with its verb, which may be the first word that is typed.

    Raises:
        ReaderError: There is no such verb.
    """
    typed = " ".join(filter(None, (request.text(ACTION), request.text(NAME))))
    first, _, rest = typed.partition(" ")
    if first and first.casefold() not in VERBS:
        usage = request.command.usage
        told = request.gettext("{usage} doesn't take {extra}.")
        raise ReaderError(told.format(usage=usage, extra=add_quotes(typed)))
    return replace(request, options={ACTION: first.casefold(), NAME: rest.strip()})


async def _give_link(request: Request, logins: Logins, visitor: Visitor) -> Reply:
    _ = request.gettext
    address = await logins.make_link(visitor)
    return Reply(
        request.command.name,
        title=_("The desk on the web"),
        text=(
            _("This link is for you alone. It works once, within ten minutes."),
            _("You stay logged in for a week at most, and for a day without use."),
        ),
        entries=(Entry(_("Open the desk"), url=address),),
        has_pictures=False,
    )


async def _check(request: Request, directory: ChatDirectory) -> None:
    person = request.person
    if person.moderator or person.operator:
        return
    if not await managed_chats(request.services, directory, request.chat.platform, person):
        told = request.gettext("The desk is for operators, and for moderators of chats I am in.")
        raise NotAllowedError(told)


def _tell(request: Request, text: str) -> Reply:
    return Reply(request.command.name, text=(text,))


DESK = Command(
    DESK_NAME,
    N_("Log in at the desk on the web"),
    desk,
    (
        Option(ACTION, OptionKind.VERB, N_("What to do: tokens, token or revoke"), choices=VERBS),
        Option(NAME, OptionKind.TEXT, N_("What a token for a program is for"), rest=True),
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "Gives you a link to the desk on the web, where you see at a glance how all is going "
            "and set up the chats that you moderate."
        ),
        N_("Your rights are checked there each time, as here."),
        N_(
            "Token makes one for a program, which then reads the desk as you through the site's "
            "API; tokens lists yours, and revoke ends one."
        ),
    ),
    examples=("/desk", "/desk token weekly report", "/desk tokens"),
    discreet=True,
    confidential=True,
    group=Group.DESK,
    questions=(WHAT_FOR,),
)
