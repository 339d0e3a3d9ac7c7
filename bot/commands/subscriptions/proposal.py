"""Proposals: subscriptions that are not saved yet, one for each thing that was named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.chat.request import Request
from bot.chat.settings import PREVIEW
from bot.commands.subscriptions.options import apply_options
from bot.commands.subscriptions.target import Target
from bot.commands.timezones import zone_of
from bot.reply import Button
from bot.search.query import parse
from bot.subscriptions.model import Subscription, TargetKind

CHAT_LIMIT = 50
"""Subscriptions that a chat may have."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A subscription that is not saved yet.

    Attributes:
        target: The topic, source, search or everything.
        subscription: The subscription, as it would be saved.
        known: The one to the same target that there is already; None for none.
    """

    target: Target
    subscription: Subscription
    known: Subscription | None


@dataclass(frozen=True, slots=True)
class SubscriptionPlan:
    """All that one line asks for.

    Attributes:
        proposals: One for each thing; at least one.
        room: How many more subscriptions the chat may have.
        notes: Notes on how the line was understood.
        readings: Buttons for other readings of the line.
    """

    proposals: Sequence[Proposal]
    room: int
    notes: tuple[str, ...] = ()
    readings: tuple[Button, ...] = ()

    @property
    def can_be_saved(self) -> bool:
        """True when the limit of the chat allows it."""
        return len([one for one in self.proposals if one.known is None]) <= self.room

    @property
    def first(self) -> Proposal:
        """The first, or the only one."""
        return self.proposals[0]

    @property
    def is_single(self) -> bool:
        """True when one thing was asked for."""
        return len(self.proposals) == 1

    def typed(self, instead: Target | None = None, text: str = "") -> str:
        """Returns the text that asks for the same, with another text in the place of a target."""
        targets = (one.target for one in self.proposals)
        return ", ".join(text if one is instead else one.typed for one in targets)


async def make_plan(request: Request, targets: Sequence[Target]) -> SubscriptionPlan:
    """Proposes to follow targets with the options of the request, each target once.

    Raises:
        ReaderError: An option cannot be read, or means nothing here.
        StoreError: The store cannot be read.
    """
    here = await request.services.store.subscriptions.of(request.chat)
    zone = await zone_of(request)
    usual = Subscription(
        request.chat, TargetKind.EVERYTHING, "", zone=zone.key, picture=await _has_pictures(request)
    )
    proposals = list[Proposal]()
    for what in targets:
        if not any(_is_same(one.subscription, what) for one in proposals):
            proposals.append(_proposal(request, what, here, usual))
    return SubscriptionPlan(proposals, CHAT_LIMIT - len(here))


async def _has_pictures(request: Request) -> bool:
    """Tells if posts show pictures unless that is said: not where previews were turned off."""
    if not request.chat.can(PREVIEW.needs):
        return True
    return await request.services.settings.is_on(request.chat.settings, PREVIEW)


def _proposal(
    request: Request, what: Target, here: Iterable[Subscription], usual: Subscription
) -> Proposal:
    """Makes the subscription: the one that there is already, with the options given now."""
    known = _find_known(request, what, here)
    one = replace(
        known or replace(usual, kind=what.kind, what=what.what),
        chat=request.chat,
        zone=usual.zone,
        owner=request.person.id,
        place=request.chat.name,
        made=request.services.clock.now(),
    )
    return Proposal(what, apply_options(request, one), known)


def _find_known(
    request: Request, what: Target, here: Iterable[Subscription]
) -> Subscription | None:
    """Finds the subscription to the same target in this thread."""
    mine = (one for one in here if one.chat.thread == request.chat.thread)
    return next((one for one in mine if _is_same(one, what)), None)


def _is_same(one: Subscription, what: Target) -> bool:
    if one.kind is not what.kind:
        return False
    if one.kind is TargetKind.SEARCH:
        return parse(one.what) == parse(what.what)  # in whatever letters it was typed
    return one.what == what.what
