"""An event that three sources tell of, what came of it, and how it is brought to chats."""

from __future__ import annotations

from datetime import timedelta

from newsdesk import TestDesk
from stories import NOW, filed, story

from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision
from bot.ingest.events.assigner import EventAssigner
from bot.ingest.events.placement import Placement
from bot.model import Story
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import EventPosts

ONCE = FloodLimits(events=EventPosts.ONCE)
HOUR = timedelta(hours=1)
TITLES = (
    "Magnitude 7.1 earthquake strikes northern Chile, tsunami warning issued",
    "Strong earthquake of magnitude 7.1 strikes northern Chile",
    "Northern Chile: magnitude 7.1 earthquake strikes, tsunami warning",
)
QUAKE = tuple(
    story(
        title,
        f"Houses shook in Iquique, {source} reports. More is to follow.",
        source=source,
        published=NOW - (4 - n) * HOUR,
        summary=f"Houses shook in Iquique, {source} reports.",
    )
    for n, (title, source) in enumerate(zip(TITLES, ("wire", "other", "third"), strict=True))
)
LATER = story(
    "Chile earthquake: tsunami warning lifted as rescuers search Iquique",
    "The warning ended at noon. Nobody is missing.",
    source="other",
    published=NOW - HOUR,
    summary="The warning ended at noon.",
)
FLOOD = story("Rain floods Venice", "The square is under water.", published=NOW - 5 * HOUR)
FIRST = QUAKE[0].id


async def has_event(desk: TestDesk) -> None:
    """Puts all of them into the store, each where it belongs."""
    await desk.has(*QUAKE, LATER, FLOOD)
    places = {one.id: Placement(FIRST, FIRST) for one in QUAKE}
    places[LATER.id] = Placement(FIRST, LATER.id)
    places[FLOOD.id] = Placement(FLOOD.id, FLOOD.id)
    await desk.store.events.place(places)


async def brings(desk: TestDesk, workers: PostingWorkers, *stories: Story) -> None:
    """Brings stories as news, each by itself, to all who follow them."""
    router = SubscriptionRouter(desk.store.subscriptions, ONCE, workers.wake)
    for one in stories:
        new = tuple(filed([one]))
        events = EventAssigner(desk.store.events)
        decision = Decision(new, (), 0, new)
        now = desk.clock.now()
        await BatchWriter(desk.store.ingest, router, decision, now, events=events).write(new)
        workers.wake()
