"""Gathering of the facts about a story and a chat, for /why and /posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.request import Request
from bot.ingest.evidence import Evidence
from bot.ingest.similarity import compare_titles
from bot.model import Story
from bot.posting.trace import StoryFacts
from bot.posting.trace_ports import TracedPost

_TWINS = 5  # stories that are looked at for one that was posted, too


@dataclass(frozen=True, slots=True)
class Twin:
    """A story that is much like another, and was posted in the same chat.

    Attributes:
        story: The story.
        post: Its post.
    """

    story: Story
    post: TracedPost


async def gather_facts(request: Request, story: Story) -> StoryFacts:
    """Gathers what is known of a story and the chat of a request.

    Raises:
        StoreError: The store cannot be read.
    """
    services = request.services
    store = services.store
    state = await store.sources.state(story.source)
    return StoryFacts(
        story=story,
        now=services.clock.now(),
        seen=await store.stories.first_seen(story.id),
        first_load=state.loaded_at if state else None,
        is_older=Evidence.OLDER in await store.stories.evidence(story.id),
        copies=await store.trace.copies(story.id),
        subscriptions=await store.trace.subscriptions(request.chat),
        post=await store.trace.post(request.chat, story.id),
        late=services.flood_limits.late,
    )


async def find_twins(request: Request, story: Story) -> Sequence[Twin]:
    """Finds stories that are much like one, and that were posted in the chat as well.

    Raises:
        StoreError: The store cannot be read.
    """
    store = request.services.store
    event = await store.events.of_story(story.id)
    hits = await request.services.search.find_by_title(story.title)
    ids = dict.fromkeys([hit.id for hit in hits[:_TWINS]])
    alike = [one for one in await store.stories.by_ids(list(ids)) if _is_alike(one, story)]
    told = [one for one in event.stories if one.development == story.development] if event else []
    twins = {one.id: one for one in (*told, *alike) if one.id != story.id}
    posts = {id_: await store.trace.post(request.chat, id_) for id_ in list(twins)[:_TWINS]}
    return [Twin(twins[id_], post) for id_, post in posts.items() if post]


def _is_alike(one: Story, other: Story) -> bool:
    return bool(compare_titles(one.title, other.title))
