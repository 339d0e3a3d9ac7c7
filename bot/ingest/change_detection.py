"""Change detection: which stories of a poll are new, changed or as they were; a pure decision.

Dedup stands here, too: a story that comes under a new key is recognised as one that is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.ingest.dedup import SAME_TEXT, folded_title, has_long_text, possible_ids, text_digest
from bot.ingest.results import Fingerprint, StoryRecord, clamp_date
from bot.model import Story
from bot.text.canonical_urls import CanonicalUrl, canonical_url
from bot.text.digests import digest

_MISDATED = timedelta(days=1)  # before its source's date: only a clock that was behind does that


@dataclass(frozen=True, slots=True)
class Decision:
    """Stories of one poll, told apart by what they mean for the store.

    Attributes:
        new: Stories to add, oldest first.
        changed: Stories to write anew, under the ids that they have.
        unchanged: How many are as they were.
        news: Those of the new that channels are to hear of: none at the first poll of a source.
        retitled: The ids of those changed stories that have another headline now.
    """

    new: tuple[StoryRecord, ...]
    changed: tuple[StoryRecord, ...]
    unchanged: int
    news: tuple[StoryRecord, ...] = ()
    retitled: frozenset[str] = frozenset()


def fingerprint(story: Story) -> Fingerprint:
    """Returns what the store remembers of a story, to detect a change at a later poll."""
    body = text_digest(story)
    headings = "".join("#" if paragraph.heading else "." for paragraph in story.paragraphs)
    content = digest(
        story.title,
        story.published.isoformat(),
        str(story.date_only),
        story.url or "",
        story.image or "",
        *(each.url.partition("?")[0] for each in story.enclosures),  # tokens change at each poll
        *story.categories,
        story.language,
        story.place,
        story.byline,
        story.summary,
        headings,
        body,
    )
    return Fingerprint(
        story.id, story.key, content, body, story.url or "", story.title, story.published
    )


def decide(
    known: Mapping[str, Fingerprint],
    fetched: Sequence[Story],
    *,
    first: bool = False,
    now: datetime | None = None,
) -> Decision:
    """Tells new stories from changed ones and from those that are as they were.

    A story is known by its key. One whose key is new is a known story all the same when two of
    these are the same: its page, its title, its text, the very moment of its publication; or when a
    long text is the same. Unless the source still gives that story under its old key.

    A story whose date comes from a clock that was wrong has changed, too.

    Args:
        known: What the store remembers of the source's stories, by key: all of them, or those that
            `bot.ingest.dedup.fetch_known` finds for the fetched.
        fetched: What the source gives now; no key twice.
        first: True at the first poll of the source.
        now: The time, to detect wrong dates; None to trust all of them.
    """
    missing = _MissingStories(known, {story.key for story in fetched})
    taken = {f.id for f in known.values()}
    new: list[StoryRecord] = []
    changed: list[StoryRecord] = []
    retitled: set[str] = set()
    for story in fetched:
        before = known.get(story.key) or missing.match(story)
        if before is None:
            fresh = replace(story, undated=False)
            new.append(_record(_free_id(fresh, taken), fingerprint(fresh)))
            continue
        current = _with_known_date(story, before)
        after = fingerprint(current)
        is_same = (before.content, before.key) == (after.content, after.key)
        if not is_same or (now and _is_misdated(before, current, now)):
            changed.append(_record(replace(current, id=before.id), after))
            if before.title != after.title:
                retitled.add(before.id)
    unchanged = len(fetched) - len(new) - len(changed)
    news = () if first else tuple(new)
    return Decision(tuple(new), tuple(changed), unchanged, news, frozenset(retitled))


class _MissingStories:
    """Known stories that the source no longer gives under their keys."""

    def __init__(self, known: Mapping[str, Fingerprint], given: set[str]) -> None:
        self._by_body: dict[str, list[Fingerprint]] = defaultdict(list)
        self._by_place: dict[str, list[tuple[CanonicalUrl, Fingerprint]]] = defaultdict(list)
        self._by_title: dict[tuple[str, datetime], list[Fingerprint]] = defaultdict(list)
        self._taken: set[str] = set()
        for one in known.values():
            if one.key not in given:
                self._add(one)

    def _add(self, one: Fingerprint) -> None:
        if one.body:
            self._by_body[one.body].append(one)
        found = canonical_url(one.link)
        if found:
            self._by_place[found.location].append((found, one))
        self._by_title[folded_title(one.title), one.published].append(one)

    def match(self, story: Story) -> Fingerprint | None:
        """Returns the known story that this one is (dedup), each but once; None when it is new."""
        for one in self._candidates(story):
            if one.id not in self._taken:
                self._taken.add(one.id)
                return one
        return None

    def _candidates(self, story: Story) -> Iterator[Fingerprint]:
        body = fingerprint(story).body
        found = canonical_url(story.url or "")
        for other, one in self._by_place.get(found.location, ()) if found else ():
            has_same_text = one.body == body != ""
            # A page may show another story each day: the link alone is not enough.
            if (
                found
                and other.extends(found)
                and (_has_same_title_or_time(one, story) or (other == found and has_same_text))
            ):
                yield one
        for one in self._by_body.get(body, ()):
            if _has_same_title_or_time(one, story) or (
                has_long_text(story) and _is_near_in_time(one, story)
            ):
                yield one
        yield from self._by_title.get((folded_title(story.title), story.published), ())


def _has_same_title_or_time(one: Fingerprint, story: Story) -> bool:
    """Returns True when the title is the same, or the very moment."""
    return folded_title(one.title) == folded_title(story.title) or one.published == story.published


def _is_near_in_time(one: Fingerprint, story: Story) -> bool:
    return story.undated or abs(one.published - story.published) <= SAME_TEXT


def _with_known_date(story: Story, before: Fingerprint) -> Story:
    """Returns the story, without a date of its own under the one that it was first given.

    That is, unless that one has not come yet: the clock was ahead.
    """
    if not story.undated:
        return story
    return replace(story, published=min(before.published, story.published), undated=False)


def _is_misdated(before: Fingerprint, story: Story, now: datetime) -> bool:
    """Returns True when the date of a known story was given or moved by a wrong clock."""
    known = replace(story, published=before.published)
    if clamp_date(known, now).published != before.published:
        return True
    has_come = clamp_date(story, now).published == story.published
    return has_come and story.published - before.published > _MISDATED


def _record(story: Story, now: Fingerprint) -> StoryRecord:
    return StoryRecord(story, replace(now, id=story.id))


def _free_id(story: Story, taken: set[str]) -> Story:
    """Returns the story under an id that no other has.

    Its own is taken when a story that once had its key was retitled and kept the id.
    """
    free = next(one for one in possible_ids(story) if one not in taken)
    return replace(story, id=free)
