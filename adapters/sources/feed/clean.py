"""Makes a clean feed of what a reader found in the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from adapters.sources.feed.dates import read_date
from adapters.sources.feed.html_blocks import Picture
from adapters.sources.feed.html_text import Article, article, clean, one_line
from adapters.sources.feed.links import absolute, clean_link
from adapters.sources.feed.model import (
    Markup,
    MarkupKind,
    Media,
    ParsedFeed,
    ParsedItem,
    RawFeed,
    RawItem,
)

_NAMED = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
# Pictures that count readers, or are buttons to share with.
_COUNTERS = re.compile(
    r"feedburner\.com/~|feedsportal\.com|feeds\.wordpress\.com|(?:stats|pixel)\.wp\.com|"
    r"doubleclick\.net|/pixel(?:[./?]|$)|pixel\.gif|1x1|blank\.gif|spacer\.gif|transparent\.(?:gif|png)|"
    r"/(?:emoji|smilies|smileys)/|s\.w\.org/images/core/emoji|gravatar\.com/avatar|"
    r"scorecardresearch|google-analytics|/counter/|medium\.com/_/stat",
    re.IGNORECASE,
)
_SMALLEST = 33  # pixels; what is smaller in either direction is an icon or counts readers


def best_image(raw: RawItem, pictures: Sequence[Picture], base: str) -> str | None:
    """The address of the best picture: what the feed names as such goes before what the text shows.

    Args:
        raw: The item.
        pictures: What stands in its text.
        base: What the addresses of those are relative to.
    """
    named = [each for each in raw.media if _is_picture(each)]
    full = [each for each in named if each.type != "thumbnail"]
    small = [each for each in named if each.type == "thumbnail"]
    enclosed = [each for each in raw.enclosures if _is_picture(each)]
    shown = (Media(absolute(p.address, base), "image", p.width, p.height) for p in pictures)
    return (
        _largest(full)
        or _largest(small)
        or _largest(enclosed)
        or next((each.url for each in shown if each.url and _is_worth_seeing(each)), None)
        or _largest(raw.artwork)
    )


def _is_picture(media: Media) -> bool:
    if media.type:
        return media.type.startswith(("image", "thumbnail"))
    return _NAMED.search(media.url) is not None


def _is_worth_seeing(media: Media) -> bool:
    sizes = [size for size in (media.width, media.height) if size]
    return not any(size < _SMALLEST for size in sizes) and not _COUNTERS.search(media.url)


def _largest(media: Iterable[Media]) -> str | None:
    """The widest, of equals the first; None for none that is worth seeing."""
    worth = [each for each in media if _is_worth_seeing(each)]
    return max(worth, key=lambda each: each.width).url if worth else None


MAX_ITEMS = 2_000
"""Items that are read of one feed."""

MAX_FEED_TEXT = 6_000_000
"""Characters of text that all items of one feed may have together."""

MAX_SUMMARY = 2_000
"""Characters that a summary keeps."""

_AS_LONG = 0.9  # of a summary: a text of that length is the better version of the same
_MOST_NAMES = 50
_LONGEST_NAME = 200
_LONGEST_GUID = 2_000
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w.\-]{1,255}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(slots=True)
class _Room:
    """How much text the feed may still have."""

    characters: int = MAX_FEED_TEXT
    left_out: int = 0
    dates: dict[str, datetime | None] = field(default_factory=dict)

    def admits(self, text: Article) -> bool:
        """Whether the text still has a place; it takes it then."""
        if text.length > self.characters:
            self.left_out += 1
            return False
        self.characters -= text.length
        return True


def cleaned(raw: RawFeed) -> ParsedFeed:
    """The feed with every part of its stories clean."""
    problems = list(raw.problems)
    items = _newest(raw.items)
    if len(items) < len(raw.items):
        problems.append(f"it has {len(raw.items):,} items; {len(items):,} of them are read")
    room = _Room()
    parsed = tuple(_item(item, room) for item in items)
    if room.left_out:
        problems.append(f"its texts are too long; {room.left_out:,} items are read without theirs")
    return ParsedFeed(
        title=one_line(raw.title) if raw.title else "",
        link=clean_link(raw.link),
        language=_language(raw.language),
        items=parsed,
        problems=tuple(problems),
    )


def _newest(items: list[RawItem]) -> list[RawItem]:
    """As many items as are read: the newest where all have dates, else the first."""
    if len(items) <= MAX_ITEMS:
        return items
    dates = [_first_date((*item.published, *item.updated, *item.created)) for item in items]
    if any(date is None for date in dates):
        return items[:MAX_ITEMS]
    order = sorted(range(len(items)), key=lambda at: dates[at] or _BEFORE_ALL, reverse=True)
    kept = sorted(order[:MAX_ITEMS])
    return [items[at] for at in kept]


def _item(raw: RawItem, room: _Room) -> ParsedItem:
    descriptions = raw.descriptions or raw.late_descriptions or raw.captions[:1]
    captions = raw.captions if raw.descriptions or raw.late_descriptions else raw.captions[1:]
    lead = _first(descriptions, article)
    texts = [lead, *(article(text) for text in (*raw.contents, *raw.descriptions[1:]))]
    longest = _whole(texts)
    pictures = [picture for text in texts for picture in text.pictures]
    updated = _first_date(raw.updated)
    base = next((text.base for text in (*raw.contents, *descriptions)), "")
    return ParsedItem(
        guid=clean(raw.guid)[:_LONGEST_GUID],
        url=_page(raw),
        title=_first_line(raw.titles, raw.late_titles),
        summary=_shortened(lead.line),
        paragraphs=longest.paragraphs if room.admits(longest) else (),
        published=_first_date(raw.published) or updated or _first_date(raw.created),
        updated=updated,
        authors=_names(map(_author, raw.authors)),
        categories=_names(_line(each) for each in raw.categories),
        image=best_image(raw, pictures, base),
        caption=_shortened(" ".join(_names(map(one_line, captions)))),
        enclosures=tuple(dict.fromkeys(each.url for each in raw.enclosures))[:_MOST_NAMES],
        language=_language(raw.language),
    )


def _whole(texts: Sequence[Article]) -> Article:
    """The longest text, with those behind it that are no other version of it.

    The first, which is the summary, need not be told again.
    """
    if len(texts) == 1:
        return texts[0]
    lead, longest = texts[0], max(texts[1:], key=lambda text: text.length)
    if longest.length < lead.length * _AS_LONG:
        longest = lead
    if len(texts) == 2 and longest is texts[1]:  # noqa: PLR2004 - a summary and the text, as usual
        return longest
    said = set(longest.line.split())
    other = [text for text in texts[1:] if text is not longest and not _is_in(text, said)]
    return Article(tuple(part for text in (longest, *other) for part in text.paragraphs))


def _is_in(text: Article, said: set[str]) -> bool:
    words = set(text.line.split())
    return len(words & said) * 2 > len(words) or not words


def _page(raw: RawItem) -> str | None:
    return clean_link(raw.original_link or raw.link or raw.guid_link)


def _first(texts: Sequence[Markup], read: Callable[[Markup], Article]) -> Article:
    """The first text that says something."""
    found = [read(text) for text in texts]
    return next((text for text in found if text.paragraphs), found[0] if found else Article())


def _first_line(*groups: Iterable[Markup]) -> str:
    lines = (one_line(text) for group in groups for text in group)
    return next((line for line in lines if line), "")


def _first_date(dates: Iterable[str]) -> datetime | None:
    return next((date for date in map(read_date, dates) if date), None)


def _shortened(line: str) -> str:
    if len(line) <= MAX_SUMMARY:
        return line
    return line[: MAX_SUMMARY - 1].rpartition(" ")[0] + "…"


@lru_cache(maxsize=4_096)
def _line(text: str) -> str:
    return one_line(Markup(text, MarkupKind.UNSAID), _LONGEST_NAME) if text else ""


@lru_cache(maxsize=1_024)
def _author(text: str) -> str:
    """`ann@example.org (Ann)` and `Ann <ann@example.org>` are Ann's; an address alone stays."""
    if "@" not in text:
        return _line(text)
    text = text[: _LONGEST_NAME * 4].replace("mailto:", "")
    name = _EMAIL.sub("", text).strip(" ()<>[],;:\"'")
    return _line(name) if any(sign.isalpha() for sign in name) else _line(text)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once."""
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST_NAMES]


def _language(text: str) -> str:
    text = text.strip()
    return text.replace("_", "-") if _LANGUAGE.fullmatch(text) else ""
