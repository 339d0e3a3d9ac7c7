"""Standing searches: which subscriptions a new story fits."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Story
from bot.query import parse
from bot.subscriptions import Followed, Subscription
from bot.words import words


def fits(subscription: Subscription, story: Story) -> bool:
    """Whether a story is one that a subscription asks for."""
    match subscription.kind:
        case Followed.TOPIC:
            return subscription.what.casefold() in {name.casefold() for name in story.topics}
        case Followed.SOURCE:
            return subscription.what == story.source
        case Followed.SEARCH:
            return _holds(subscription.what, story)


def _holds(what: str, story: Story) -> bool:
    query = parse(what)
    held = " ".join(["", *words(f"{story.title} {story.place} {story.text}"), ""])
    if any(f" {' '.join(term.words)} " in held for term in query.without):
        return False
    return any(
        all(f" {' '.join(term.words)} " in held for term in group) for group in query.alternatives
    )


class Standing:
    """All subscriptions."""

    def __init__(self) -> None:
        self._known: dict[int, Subscription] = {}

    def put(self, subscription: Subscription) -> None:
        """Takes in a subscription in place of the one with its id; one that has ended goes."""
        self._known.pop(subscription.id, None)
        if not subscription.ended:
            self._known[subscription.id] = subscription

    def remove(self, id: int) -> None:  # noqa: A002 - as in Subscription
        """Forgets one."""
        self._known.pop(id, None)

    def fitting(self, story: Story) -> Sequence[Subscription]:
        """Those that are not paused and that a story fits, by their ids."""
        active = (one for _, one in sorted(self._known.items()) if not one.paused)
        return [one for one in active if fits(one, story)]
