"""`/privacy` and `/forget`: what is kept about the person who asks, and its deletion."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.command import Command, Group, Option, OptionKind
from bot.chat.local_time import tell_ago
from bot.chat.request import Request
from bot.i18n import N_
from bot.model import Chat
from bot.privacy.ports import KeptAboutPerson
from bot.reply import Action, Button, Entry, Reply

_FORGET = "forget"
_PRIVACY = "privacy"

_PARAGRAPHS = (
    N_(
        "All I keep of a message is its command and options: for a month with the list it "
        "brought, and for a year behind buttons, without knowing whose it was."
    ),
    N_(
        "For numbers, /catchup and subscriptions to work, I keep your ID on this platform with "
        "what is listed below, but no picture or address."
    ),
    N_(
        "What moderators change is kept for a year with their name, for the others who moderate; "
        "who added or paused a source, as long as that is so. Of nobody else I keep a name."
    ),
    N_(
        "Posts are kept for a week, or for a month if they could not be sent. Everything is on "
        "the operator's own machine, nobody counts what you read, and nothing is passed on."
    ),
)


async def privacy(request: Request) -> Reply:
    """Answers `/privacy`."""
    _ = request.gettext
    kept = await _kept(request)
    return Reply(
        request.command.name,
        title=_("What I keep about you"),
        text=tuple(map(_, _PARAGRAPHS)),
        entries=tuple(_entries(request, kept)) or (Entry(_("Nothing is kept about you.")),),
        buttons=(_button(request),) if kept.anything else (),
    )


async def forget(request: Request) -> Reply:
    """Answers `/forget`: asks first, since it cannot be undone."""
    _ = request.gettext
    kept = await _kept(request)
    if not kept.anything:
        return Reply(request.command.name, text=(_("Nothing is kept about you."),), is_done=True)
    if not request.text("confirm"):
        return Reply(
            request.command.name,
            title=_("Delete this?"),
            text=tuple(_consequences(request, kept)),
            entries=tuple(_entries(request, kept)),
            buttons=(_button(request, confirmed=True),),
        )
    await _delete(request)
    told = _("Deleted. Nothing is kept about you any more.")
    return Reply(request.command.name, text=(told,), is_done=True)


async def _delete(request: Request) -> None:
    services, platform = request.services, request.chat.platform
    await request.lists.forget(platform, request.person)
    now, own = services.clock.now(), _own_chat(request)
    await services.store.privacy.forget(platform, request.person, own, now)
    if own:
        services.settings.drop(own)


async def _kept(request: Request) -> KeptAboutPerson:
    await request.lists.flush()
    store = request.services.store.privacy
    return await store.kept(request.chat.platform, request.person, _own_chat(request))


def _own_chat(request: Request) -> Chat | None:
    """Returns the person's private chat, where that is asked from."""
    return request.chat if request.person.host else None


def _consequences(request: Request, kept: KeptAboutPerson) -> Iterator[str]:
    _ = request.gettext
    if kept.subscriptions:
        yield _("This chat's subscriptions will end.")
    if kept.owned > kept.subscriptions:
        yield _(
            "Subscriptions you set up in other chats go on, but I can no longer tell you if one "
            "stops."
        )
    if kept.changes:
        yield _("What you changed as a moderator stays listed, without your name.")
    if kept.sources:
        yield _("Sources you added or paused stay as they are, without your name.")
    if _own_chat(request) is None:
        yield _("To delete what belongs to your private chat with me, too, use /forget there.")
    yield _("This cannot be undone.")


def _entries(request: Request, kept: KeptAboutPerson) -> Iterator[Entry]:
    _, ngettext = request.gettext, request.ngettext
    if kept.lists:
        told = ngettext("in {count} chat, for a month", "in {count} chats, for a month", kept.lists)
        yield Entry(_("The last list you were shown"), told.format(count=kept.lists))
    if kept.catchup:
        yield Entry(_("When you last asked for what's new"), tell_ago(request, kept.catchup))
    if kept.owned:
        told = ngettext("{count} subscription", "{count} subscriptions", kept.owned)
        yield Entry(_("Subscriptions you asked for"), told.format(count=kept.owned))
    if kept.subscriptions:
        told = ngettext("{count} subscription", "{count} subscriptions", kept.subscriptions)
        yield Entry(_("Subscriptions in this chat"), told.format(count=kept.subscriptions))
    if kept.settings:
        told = ngettext("{count} setting", "{count} settings", kept.settings)
        yield Entry(_("Settings for this chat"), told.format(count=kept.settings))
    if kept.posts:
        told = ngettext("{count} post", "{count} posts", kept.posts)
        yield Entry(_("Posts in this chat"), told.format(count=kept.posts))
    if kept.changes:
        told = ngettext("{count} change, for a year", "{count} changes, for a year", kept.changes)
        yield Entry(_("What you changed as a moderator"), told.format(count=kept.changes))
    if kept.sources:
        told = ngettext("{count} source", "{count} sources", kept.sources)
        yield Entry(_("Sources you added or paused"), told.format(count=kept.sources))
    yield from _desk_entries(request, kept)


def _desk_entries(request: Request, kept: KeptAboutPerson) -> Iterator[Entry]:
    """Tells of what lets the person, or programs of theirs, in at the desk on the web."""
    _, ngettext = request.gettext, request.ngettext
    if kept.sessions:
        told = ngettext("{count} login", "{count} logins", kept.sessions)
        yield Entry(_("The desk on the web, for a week"), told.format(count=kept.sessions))
    if kept.tokens:
        told = ngettext("{count} token", "{count} tokens", kept.tokens)
        yield Entry(_("The desk's API, until you revoke them"), told.format(count=kept.tokens))


def _button(request: Request, *, confirmed: bool = False) -> Button:
    options = (("confirm", "yes"),) if confirmed else ()
    return Button(request.gettext("Delete it"), Action(_FORGET, options))


PRIVACY = Command(
    _PRIVACY,
    N_("What is kept about you"),
    privacy,
    examples=("/privacy",),
    discreet=True,
    group=Group.DESK,
)
FORGET = Command(
    _FORGET,
    N_("Delete what is kept about you"),
    forget,
    (Option("confirm", OptionKind.SWITCH, N_("Delete it without asking first"), hidden=True),),
    examples=("/forget",),
    discreet=True,
    group=Group.DESK,
)
