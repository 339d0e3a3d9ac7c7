"""The sources of the soak: feeds that publish, hang, lie, or die and come back."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum

_SHOWN = 30  # stories in a feed

TOPIC_WORDS = "harbour bridge museum railway festival".split()
SEARCH_WORDS = "tram volcano orchard lantern glacier ferry library comet theatre falcon".split()
OTHER_WORDS = "granite velvet copper walnut pepper saffron anchor meadow thimble cobalt".split()
WORDS = (*TOPIC_WORDS, *SEARCH_WORDS, *OTHER_WORDS)


class Behaviour(StrEnum):
    """The behaviours of a feed."""

    HEALTHY = "healthy"
    DYING = "dying"
    HANGING = "hanging"
    LYING = "lying"


@dataclass(frozen=True, slots=True)
class PublishedStory:
    """A story of a feed.

    Attributes:
        number: Its number among those of its feed.
        word: The word by which topics and searches find it.
        at: When it was published, by the monotonic clock.
    """

    source: int
    number: int
    word: str
    at: float = field(compare=False)

    @property
    def title(self) -> str:
        return f"{self.word.title()} report {self.number} from desk {self.source}"


@dataclass(slots=True)
class Poll:
    """A poll, as the web server saw it.

    Attributes:
        at: When it began, by the monotonic clock.
        ended: When the last request of it ended; None while it lasts.
        failed: True if the bot cannot have read the feed.
    """

    at: float
    ended: float | None = None
    failed: bool = False


@dataclass(eq=False)
class SoakSource:
    """A feed on its web server.

    Attributes:
        kind: The name of its behaviour in `RESPONDERS`.
        dead: True while every connection to it is cut.
    """

    number: int
    behaviour: Behaviour
    kind: str
    port: int = 0
    dead: bool = False
    stories: list[PublishedStory] = field(default_factory=list)
    polls: list[Poll] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"desk{self.number}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/feed"

    @property
    def is_followed(self) -> bool:
        return self.behaviour in {Behaviour.HEALTHY, Behaviour.DYING}

    @property
    def was_read(self) -> bool:
        """True after a poll that the feed was served to."""
        return any(poll.ended and not poll.failed for poll in self.polls)

    def publish(self, word: str) -> PublishedStory:
        story = PublishedStory(self.number, len(self.stories), word, time.monotonic())
        self.stories.append(story)
        return story

    def feed(self) -> bytes:
        """Renders the feed as RSS, the newest story first."""
        began = time.time() - time.monotonic()
        items = "".join(_item(self, one, began) for one in reversed(self.stories[-_SHOWN:]))
        head = f"<title>Desk {self.number}</title><link>{self.url}</link>"
        whole = f'<rss version="2.0"><channel>{head}{items}</channel></rss>'
        return f'<?xml version="1.0" encoding="utf-8"?>{whole}'.encode()


def _item(source: SoakSource, story: PublishedStory, began: float) -> str:
    date = format_datetime(datetime.fromtimestamp(began + story.at, UTC))
    link = f"http://127.0.0.1:{source.port}/{story.number}"
    told = f"<description>Number {story.number}, in full.</description>"
    head = f"<title>{story.title}</title><link>{link}</link><guid>{link}</guid>"
    return f"<item>{head}<pubDate>{date}</pubDate>{told}</item>"


_HANGING = ("silent", "stalled", "dripping")
_LYING = (
    "wrong length",
    "broken off",
    "wrong encoding",
    "redirects in a circle",
    "wrong charset",
    "bomb",
)


def plan_sources(count: int, bad: int) -> list[SoakSource]:
    """Returns `count` sources, of which `bad` hang, `bad` lie and `bad` die and come back."""
    kinds = [(Behaviour.HANGING, _HANGING[at % len(_HANGING)]) for at in range(bad)]
    kinds += [(Behaviour.LYING, _LYING[at % len(_LYING)]) for at in range(bad)]
    kinds += [(Behaviour.DYING, "dying")] * bad
    kinds += [(Behaviour.HEALTHY, "healthy")] * (count - len(kinds))
    # The bad ones stand between the others, so that not all of them are polled first.
    spread = sorted(range(count), key=lambda at: at * 7 % count)
    return [SoakSource(number, *kinds[at]) for number, at in enumerate(spread)]
