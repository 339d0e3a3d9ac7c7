"""`/subscribe`: posts new stories of topics, sources and searches, or all stories, in a chat."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.command import PAGE, Access, Command, Group, Option, OptionKind, Purpose
from bot.chat.request import Request
from bot.commands.subscriptions.actions import SUBSCRIBE_NAME
from bot.commands.subscriptions.confirmation import confirm
from bot.commands.subscriptions.filter_options import MOST_LENGTH
from bot.commands.subscriptions.line_reading import LineReading, read_line
from bot.commands.subscriptions.offer import WHAT_TO_FOLLOW, offer_targets
from bot.commands.subscriptions.options import MOST, is_on
from bot.commands.subscriptions.place import CHANNEL, check_place, keep_place
from bot.commands.subscriptions.preview import limit_reached, preview
from bot.commands.subscriptions.proposal import make_plan
from bot.commands.subscriptions.questions import ask_name, ask_time
from bot.commands.subscriptions.rights import missing_rights_text
from bot.commands.subscriptions.target import parse_target
from bot.commands.subscriptions.wording import can_post, no_posts_here
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Capability
from bot.reply import Reply

MOST_THINGS = 20
"""Things that one line may ask for."""


async def subscribe(request: Request) -> Reply:
    """Answers `/subscribe`."""
    check_place(request)
    read = await read_line(request)
    return keep_place(request, await _answer(read))


async def offer_bare(request: Request) -> Reply:
    """Answers `/subscribe` without anything to follow."""
    check_place(request)
    return keep_place(request, await offer_targets(request))


async def _answer(read: LineReading) -> Reply:
    """Answers a line that was taken apart: asks what is unclear, shows a preview, or saves."""
    request = read.request
    if read.unclear is not None:
        return ask_time(request, read.unclear)
    if not read.parts:
        return await offer_targets(request, read.readings)
    if len(read.parts) > MOST_THINGS:
        told = request.gettext("Please name at most {count} things at once.")
        raise ReaderError(told.format(count=MOST_THINGS))
    targets = [await parse_target(request, part) for part in read.parts]
    if any(target.is_nothing for target in targets):
        return ask_name(request, targets)
    plan = await make_plan(request, targets)
    plan = replace(plan, notes=read.notes, readings=read.readings)
    if not is_on(request, "confirm"):
        return await preview(request, plan)
    if not can_post(request):
        raise ReaderError(no_posts_here(request))
    if request.chat.rights and request.chat.rights.missing:
        raise ReaderError(missing_rights_text(request, request.chat.rights.missing))
    if not plan.can_be_saved:
        raise ReaderError(limit_reached(request, plan))
    return await confirm(request, plan)


_FILTERS = (
    Option(
        "language",
        OptionKind.LANGUAGES,
        N_("Only stories in these languages: English, Japanese; or any"),
    ),
    Option("exclude", OptionKind.SOURCES, N_("Sources to leave out, with commas; or none")),
    Option(
        "length",
        OptionKind.NUMBER,
        N_("How many characters a story's text has at least; or any"),
        minimum=0,
        maximum=MOST_LENGTH,
    ),
    Option("title", OptionKind.TEXT, N_("Words that the title must have; or any")),
    Option("without", OptionKind.TEXT, N_("Words to leave out, with commas; or none")),
    Option("age", OptionKind.AGE, N_("How old a story may be when it comes in: 12h, 1d; or any")),
)

SUBSCRIBE = Command(
    SUBSCRIBE_NAME,
    N_("Get new stories posted here"),
    subscribe,
    (
        Option(
            "what",
            OptionKind.FOLLOW,
            N_("Topics, sources, words to search for, or everything; with commas, several"),
            required=True,
            rest=True,
        ),
        Option(
            "when",
            OptionKind.TIMETABLE,
            N_("At once, hourly, daily 8:00 18:00, weekdays 9:00, mon,thu 8:00, monthly 1st"),
        ),
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
        Option("picture", OptionKind.SWITCH, N_("Pictures and link previews: yes or no")),
        Option(
            "silent",
            OptionKind.SWITCH,
            N_("Post silently, without a notification sound: yes or no"),
        ),
        Option(
            "events",
            OptionKind.EVENTS,
            N_("What tells the same: once, and the message names the others; or all"),
        ),
        Option(
            "threads",
            OptionKind.SWITCH,
            N_("Open a thread below each post, to talk about it: yes or no"),
            needs=Capability.THREADS,
        ),
        *_FILTERS,
        CHANNEL,
        Option(
            "confirm",
            OptionKind.SWITCH,
            N_("Subscribe without seeing the preview first"),
            hidden=True,
        ),
        Option(
            "literal",
            OptionKind.SWITCH,
            N_("Look for no time among the words"),
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
            "chat, you do. On its own, it offers what there is."
        ),
        N_(
            "Times stand anywhere in the line: at once, hourly, every 2 hours, daily 8:00 18:00, "
            "weekdays 9:00, mon,thu 8:00, monthly 1st. So do “silent” and “no pictures” at its end."
        ),
        N_(
            "Words match in all their forms, but typos are not corrected. “Words in quotes” "
            "must appear exactly as typed, -word leaves out stories that contain it, and OR "
            "accepts either word; topic:, source: and in:title narrow it down. Commas part "
            "several things."
        ),
        N_(
            "Filters leave stories out: in English, not from a source, at least 500 characters, "
            "with a word in the title, without a word, at most a day old. A story's language is "
            "what its source says; where it says none, its script decides."
        ),
        N_("Times are in the time zone set with /settings timezone."),
    ),
    examples=(
        "/subscribe {topic}",
        "/subscribe everything weekdays 9:00",
        '/subscribe "{phrase}", {word} daily 8:00',
        "/subscribe {word} fri 18:00 quiet:22-7 silent",
        "/subscribe {topic} in English, at most a day old",
    ),
    shows_roles=True,
    posts_here=True,
    discreet=True,
    purpose=Purpose.FOLLOW,
    aliases=("follow",),
    group=Group.FOLLOWING,
    bare=offer_bare,
    questions=(WHAT_TO_FOLLOW,),
)
