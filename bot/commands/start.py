"""`/start`: a welcome: what this desk is, its newest headline, and where to begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chat.command import Command, Group, Purpose
from bot.chat.desk import desk_about, desk_name
from bot.chat.request import Request
from bot.i18n import N_
from bot.model import Capability, Story
from bot.reply import Button, Reply
from bot.search.query import Filter


async def start(request: Request) -> Reply:
    """Answers `/start`."""
    services = request.services
    newest = (await services.store.stories.latest(Filter(), 1)).stories
    return Reply(
        request.command.name,
        title=desk_name(services),
        text=(desk_about(services), *_hints(request, newest)),
        more=tuple(map(services.names.card, newest)),
        buttons=(*_read_buttons(request, newest), *main_buttons(request)),
    )


def _hints(request: Request, newest: Sequence[Story]) -> Iterator[str]:
    _ = request.gettext
    if not newest:
        yield _("There are no stories yet. A moderator can fetch some with /reload.")
        return
    yield _("Type what you're looking for, or press a button. /help lists all commands.")
    yield _("The newest story:")


def _read_buttons(request: Request, newest: Sequence[Story]) -> Iterator[Button]:
    for story in newest:
        yield Button(request.gettext("Read it"), request.registry.read(story.id))


def main_buttons(request: Request) -> tuple[Button, ...]:
    """Makes the buttons that lead to all that a reader can do, as far as this person may here."""
    _ = request.gettext
    registry = request.registry
    buttons = [
        Button(_("Latest"), registry.latest()),
        Button(_("Topics"), registry.topics()),
        Button(_("What's new"), registry.catchup()),
    ]
    follow = registry.for_purpose(Purpose.FOLLOW)
    if follow and follow.allows(request.person) and request.chat.can(Capability.POSTS):
        buttons.append(Button(_("Follow"), registry.follow()))
    return tuple(buttons)


START = Command(
    "start",
    N_("Where to begin"),
    start,
    details=(N_("Shows what this desk is about, its newest story, and where to begin."),),
    examples=("/start",),
    tells_hosts=True,
    purpose=Purpose.START,
    group=Group.DESK,
)
