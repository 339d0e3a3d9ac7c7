"""`/subscribe`: posts new stories of a topic, a source or a search in a chat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.chat.command import PAGE, Access, Command, Group, Option, OptionKind, Purpose
from bot.chat.request import Request
from bot.commands.subscriptions.actions import LIST, SUBSCRIBE_NAME, unsubscribe_from
from bot.commands.subscriptions.offer import WHAT_TO_FOLLOW, offer_targets
from bot.commands.subscriptions.options import MOST, apply_options, has_same_options, is_on
from bot.commands.subscriptions.preview import CHAT_LIMIT, Proposal, limit_reached, preview
from bot.commands.subscriptions.rights import missing_rights_text, rights_texts
from bot.commands.subscriptions.target import Target, parse_target
from bot.commands.subscriptions.wording import can_post, confirmation_sentence, no_posts_here
from bot.commands.timezones import zone_of
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Capability
from bot.reply import Button, Reply
from bot.search.query import parse
from bot.subscriptions.model import Subscription, TargetKind


async def subscribe(request: Request) -> Reply:
    """Answers `/subscribe`."""
    asked = await _proposal(request, await parse_target(request, request.text("what")))
    if not is_on(request, "confirm"):
        return await preview(request, asked)
    if not can_post(request):
        raise ReaderError(no_posts_here(request))
    if request.chat.rights and request.chat.rights.missing:
        raise ReaderError(missing_rights_text(request, request.chat.rights.missing))
    if not asked.can_be_saved:
        raise ReaderError(limit_reached(request))
    kept = await request.services.store.subscriptions.put(asked.subscription)
    return _confirmation(request, asked, kept)


async def _proposal(request: Request, what: Target) -> Proposal:
    """Makes the subscription: the one that there is already, with the options given now."""
    here = await request.services.store.subscriptions.of(request.chat)
    known = _find_known(request, what, here)
    new = Subscription(request.chat, what.kind, what.what)
    zone = await zone_of(request)
    one = replace(
        known or new,
        chat=request.chat,
        zone=zone.key,
        owner=request.person.id,
        place=request.chat.name,
        made=request.services.clock.now(),
    )
    return Proposal(what, apply_options(request, one), known, is_full=len(here) >= CHAT_LIMIT)


def _find_known(
    request: Request, what: Target, here: Iterable[Subscription]
) -> Subscription | None:
    """Finds the subscription to the same target in this thread."""
    mine = (one for one in here if one.chat.thread == request.chat.thread)
    return next((one for one in mine if one.kind is what.kind and _is_same_target(one, what)), None)


def _is_same_target(one: Subscription, what: Target) -> bool:
    if one.kind is TargetKind.SEARCH:
        return parse(one.what) == parse(what.what)  # in whatever letters it was typed
    return one.what == what.what


def _confirmation(request: Request, asked: Proposal, one: Subscription) -> Reply:
    _ = request.gettext
    message = _("Subscribed to {what}.")
    if asked.known and not has_same_options(asked.known, one):
        message = _("Subscription updated: {what}.")
    undo = _("To unsubscribe: {command}").format(command=f"/unsubscribe {asked.target.typed}")
    return Reply(
        request.command.name,
        text=(
            f"{message.format(what=asked.target.name)} {confirmation_sentence(request, one)}",
            *rights_texts(request, one),
            undo,
        ),
        buttons=_buttons(request, one),
    )


def _buttons(request: Request, one: Subscription) -> tuple[Button, ...]:
    _ = request.gettext
    return (
        Button(_("Unsubscribe"), unsubscribe_from(one)),
        Button(_("All subscriptions here"), LIST),
    )


SUBSCRIBE = Command(
    SUBSCRIBE_NAME,
    N_("Get new stories posted here"),
    subscribe,
    (
        Option(
            "what",
            OptionKind.FOLLOW,
            N_("A topic, a source, or words to search for"),
            required=True,
            rest=True,
        ),
        Option("when", OptionKind.TIMETABLE, N_("At once, hourly, daily 8:00, weekly mon 8:00")),
        Option("quiet", OptionKind.QUIET, N_("Quiet hours, when nothing is posted: 22-7, or none")),
        Option(
            "most",
            OptionKind.NUMBER,
            N_("How many stories to post one by one each day, the rest as one digest; or any"),
            minimum=0,
            maximum=MOST,
        ),
        Option(
            "role",
            OptionKind.ROLE,
            N_("A role to mention (Discord only), or none"),
            needs=Capability.ROLES,
        ),
        Option("picture", OptionKind.SWITCH, N_("Pictures and link previews: on or off")),
        Option(
            "silent",
            OptionKind.SWITCH,
            N_("Post silently, without a notification sound: on or off"),
        ),
        Option(
            "confirm",
            OptionKind.SWITCH,
            N_("Subscribe without seeing the preview first"),
            hidden=True,
        ),
        Option("ask", OptionKind.SWITCH, N_("Ask for words of your own"), hidden=True),
        PAGE,
    ),
    access=Access.HOSTS,
    details=(
        N_(
            "Shows what would have been posted in the last week. Nothing is saved until you "
            "press Subscribe. Moderators decide what is posted in a shared chat; in a private "
            "chat, you do."
        ),
        N_(
            "Words match in all their forms, but typos are not corrected. “Words in quotes” "
            "must appear exactly as typed, -word leaves out stories that contain it, and OR "
            "accepts either word; topic:, source: and in:title narrow it down."
        ),
        N_("Times are in the time zone set with /settings timezone."),
    ),
    examples=(
        "/subscribe {topic}",
        '/subscribe "{phrase}" daily 8:00',
        "/subscribe {word} weekly fri 18:00 quiet:22-7",
    ),
    shows_roles=True,
    posts_here=True,
    purpose=Purpose.FOLLOW,
    group=Group.FOLLOWING,
    bare=offer_targets,
    questions=(WHAT_TO_FOLLOW,),
)
