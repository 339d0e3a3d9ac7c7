"""`/desk`: a link by which an operator or a moderator logs in at the desk on the web."""

from __future__ import annotations

from bot.chat.command import Access, Command, Group
from bot.chat.directories import ChatDirectory
from bot.chat.moderation import managed_chats
from bot.chat.request import Request
from bot.errors import NotAllowedError
from bot.i18n import N_
from bot.logins.ports import Visitor
from bot.reply import Entry, Reply


async def desk(request: Request) -> Reply:
    """Answers `/desk`.

    Raises:
        NotAllowedError: The person moderates nothing.
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
    person = request.person
    visitor = Visitor(platform, person.id, person.name, request.chat.id)
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
    "desk",
    N_("Log in at the desk on the web"),
    desk,
    access=Access.HOSTS,
    details=(
        N_(
            "Gives you a link to the desk on the web, where you see at a glance how all is going "
            "and set up the chats that you moderate."
        ),
        N_("Your rights are checked there each time, as here."),
    ),
    examples=("/desk",),
    discreet=True,
    confidential=True,
    group=Group.DESK,
)
