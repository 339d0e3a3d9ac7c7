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
        "Of a message, I keep nothing but a command and its options: for a month with the list "
        "that it brought, and for a year behind buttons, there without knowing whose it was."
    ),
    N_(
        "So that numbers, /catchup and subscriptions work, I keep your ID on this platform with "
        "what stands below: no name, no picture, no address."
    ),
    N_(
        "What I post is kept for a week, or for a month if it could not be posted. All of it is on "
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
        yield _("What this chat follows ends with it.")
    if kept.owned > kept.subscriptions:
        yield _(
            "What you set up in other chats goes on, but I can no longer tell you when it stops."
        )
    if _own_chat(request) is None:
        yield _("What your private chat with me follows stays: ask there to delete that, too.")
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
        yield Entry(_("Who asked for what is followed: you"), told.format(count=kept.owned))
    if kept.subscriptions:
        told = ngettext("{count} subscription", "{count} subscriptions", kept.subscriptions)
        yield Entry(_("What this chat follows"), told.format(count=kept.subscriptions))
    if kept.settings:
        told = ngettext("{count} setting", "{count} settings", kept.settings)
        yield Entry(_("What this chat has set"), told.format(count=kept.settings))
    if kept.posts:
        told = ngettext("{count} post", "{count} posts", kept.posts)
        yield Entry(_("What was posted in this chat"), told.format(count=kept.posts))


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
