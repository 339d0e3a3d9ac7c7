"""`/chats`: the chats that a person can set up from their private chat with the bot."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.command import PAGE, Access, Command, Group, Option, OptionKind
from bot.chat.directories import ChatDirectory
from bot.chat.moderation import managed_chats
from bot.chat.request import Request, page_buttons, page_count
from bot.commands.subscriptions.actions import AUDIT_NAME, LIST, POSTS_NAME
from bot.i18n import N_
from bot.model import Action, Chat, Person
from bot.reply import Button, Entry, Reply
from bot.text.display import shorten

_A_PAGE = 20
_NONE = "none"
_LONGEST = 80  # characters of a chat's name


async def chats(request: Request) -> Reply:
    """Answers `/chats`."""
    _ = request.gettext
    directory = request.services.directories.get(request.chat.platform)
    if directory is None:
        none = _("Other chats can be set up only on Telegram and Discord.")
        return Reply(request.command.name, text=(none,))
    if not request.person.host:
        elsewhere = _("Please send me /chats in our private chat.")
        return Reply(request.command.name, text=(elsewhere,))
    chosen = request.text("chat")
    if not chosen:
        return await _list(request, directory)
    if chosen == _NONE:
        await request.managed.choose(request.chat, None)
        told = _("From now on, commands are about our private chat again.")
        return await _list(request, directory, told)
    return await _choose(request, directory, chosen)


async def _list(request: Request, directory: ChatDirectory, told: str = "") -> Reply:
    _ = request.gettext
    found = await managed_chats(request.services, directory, request.chat.platform, request.person)
    chosen = await request.managed.chosen(request.chat)
    pages = page_count(len(found), _A_PAGE)
    start = (request.page - 1) * _A_PAGE
    none = _("I know of no chat where you are an administrator or a moderator. Add me to one.")
    hint = _("Choose the chat that commands here are to be about.")
    return Reply(
        request.command.name,
        title=_("Your chats"),
        text=(*filter(None, (told,)), hint if found else none),
        entries=tuple(
            [await _entry(request, one, chosen) for one in found[start : start + _A_PAGE]]
        ),
        page=request.page,
        pages=pages,
        buttons=(*page_buttons(request, pages), *(_own_button(request) if chosen else ())),
    )


async def _entry(request: Request, one: Chat, chosen: str) -> Entry:
    _ = request.gettext
    count = len(await request.services.store.subscriptions.of(one))
    told = request.ngettext("{count} subscription", "{count} subscriptions", count)
    text = [told.format(count=count)]
    if one.id == chosen:
        text.insert(0, _("chosen"))
    return Entry(_name(request, one), " · ".join(text), _choice(request, one.id))


async def _choose(request: Request, directory: ChatDirectory, id_: str) -> Reply:
    """Makes a chat the one that commands here are about, if the person may set it up."""
    _ = request.gettext
    found: tuple[Person, Chat] = await directory.find(id_, request.person)
    chat = found[1]
    await request.managed.choose(request.chat, chat)
    told = _(
        "From now on, {commands} in this chat are about {channel}, until you choose another chat "
        "or have not used it for an hour. Nothing of this is said there."
    )
    names = request.words.join(f"/{name}" for name in _managing(request))
    return Reply(
        request.command.name,
        text=(told.format(commands=names, channel=_name(request, chat)),),
        buttons=(
            Button(_("Subscriptions"), LIST),
            Button(_("Posts"), Action(POSTS_NAME)),
            Button(_("Changes"), Action(AUDIT_NAME)),
            *_own_button(request),
            Button(_("Your chats"), Action(request.command.name)),
        ),
    )


def _managing(request: Request) -> Sequence[str]:
    """Returns the names of the commands that may be about another chat."""
    return [
        one.name
        for one in request.registry
        if any(option.kind is OptionKind.CHANNEL for option in one.options)
    ]


def _own_button(request: Request) -> tuple[Button, ...]:
    return (Button(request.gettext("Our private chat again"), _choice(request, _NONE)),)


def _choice(request: Request, id_: str) -> Action:
    return Action(request.command.name, (("chat", id_),))


def _name(request: Request, chat: Chat) -> str:
    return shorten(chat.name, _LONGEST) or request.gettext("that chat")


CHATS = Command(
    "chats",
    N_("Set up your other chats from our private chat"),
    chats,
    (
        Option("chat", OptionKind.TEXT, N_("The id of the chat to set up, or none"), hidden=True),
        PAGE,
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "Lists the channels and groups that I am in and that you moderate. Choose one, and "
            "what you ask in our private chat is about it: nobody there sees that."
        ),
        N_("Your rights are checked each time. A choice ends after an hour without use."),
    ),
    examples=("/chats",),
    group=Group.DESK,
)
