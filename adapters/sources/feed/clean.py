"""Cleans a raw feed: dates, links, images and texts of its items, within limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from adapters.sources.feed.dates import parse_date
from adapters.sources.feed.enclosures import item_enclosures
from adapters.sources.feed.html_text import ItemText, clean_line, is_html, item_text, one_line
from adapters.sources.feed.images import best_image, image_alt
from adapters.sources.feed.item_dates import item_dates, without_zero_dates
from adapters.sources.feed.links import strip_tracking
from adapters.sources.feed.model import (
    Markup,
    MarkupKind,
    Media,
    ParsedFeed,
    ParsedItem,
    RawFeed,
    RawItem,
)
from adapters.sources.feed.redirectors import unwrap_redirector
from bot.text.display import add_quotes
from bot.text.urls import hide_credentials

MAX_ITEMS = 2_000
"""The most items of one feed."""

MAX_FEED_TEXT = 24_000_000
"""The most characters of text in all items of one feed together."""

MAX_SUMMARY = 2_000
"""The most characters of a summary."""

_ICONS = ("icon", "favicon", "logo", "image", "artwork")
"""Elements that name a picture of the site, those made to be shown small before others."""

_SAME_TEXT_RATIO = 0.9  # of the summary's length; a text that long is another version of it
_MAX_NAMES = 50
_MAX_NAME = 200
_MAX_GUID = 2_000
_MAX_NAMED = 20  # items that are left out, each in a line of its own
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w.\-]{1,255}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(slots=True)
class _TextBudget:
    """The characters of text that the feed may still have, and the language that it is in."""

    language: str = ""
    characters: int = MAX_FEED_TEXT
    dropped: int = 0

    def admits(self, text: ItemText) -> bool:
        """Takes the text's length from the budget; False when too little is left."""
        if text.length > self.characters:
            self.dropped += 1
            return False
        self.characters -= text.length
        return True


def clean_feed(raw: RawFeed) -> ParsedFeed:
    """Cleans a raw feed."""
    problems = list(raw.problems)
    items = _limit_items(raw.items)
    if len(items) < len(raw.items):
        problems.append(f"it has {len(raw.items):,} items; {len(items):,} of them were read")
    budget = _TextBudget(_language(raw.language))
    parsed = without_zero_dates(_clean_items(items, budget))
    if budget.dropped:
        problems.append(
            f"its texts are too long; {budget.dropped:,} items were read without theirs"
        )
    problems += _item_problems(items, parsed)
    return ParsedFeed(
        title=one_line(raw.title) if raw.title else "",
        link=strip_tracking(raw.link),
        language=budget.language,
        items=parsed,
        problems=tuple(problems),
        warnings=tuple(raw.warnings),
        update_interval=raw.update_interval,
        hubs=tuple(dict.fromkeys(filter(None, raw.hubs))),
        self_url=raw.self_link or None,
        icon=next(filter(None, map(raw.icons.get, _ICONS)), None),
    )


def _item_problems(raw: Sequence[RawItem], parsed: Sequence[ParsedItem]) -> Iterator[str]:
    """Yields one line for each kind of thing that items are kept without."""
    unlinked = [
        item.bad_links[-1]
        for item, made in zip(raw, parsed, strict=True)
        if item.bad_links and made.url is None
    ]
    if unlinked:
        link = add_quotes(hide_credentials(unlinked[0]))
        yield f"{_count(unlinked)} kept without a link: {link} is no address on the web"
    pairs = list(zip(raw, parsed, strict=True))
    if odd := [item for item, made in pairs if item.unreadable and not made.is_empty]:
        yield f"{_count(odd)} kept without a part that cannot be read"
    yield from _left_out(pairs)


def _left_out(pairs: Sequence[tuple[RawItem, ParsedItem]]) -> Iterator[str]:
    """Yields one line for each item that no story can be made of, up to a number of them."""
    empty = [(at, item) for at, (item, made) in enumerate(pairs, 1) if made.is_empty]
    for at, item in empty[:_MAX_NAMED]:
        has = "a part that cannot be read" if item.unreadable else "no title, text, link or picture"
        yield f"item {at} was left out: it has {has}"
    if (more := len(empty) - _MAX_NAMED) > 0:
        yield f"{more:,} more items were left out, which have nothing to show either"


def _count(items: Sequence[object]) -> str:
    return "one item is" if len(items) == 1 else f"{len(items):,} items are"


def _limit_items(items: list[RawItem]) -> list[RawItem]:
    """Returns at most `MAX_ITEMS`: the newest, wherever they stand; without any date, the first.

    One without a date is taken to be as old as the one before it.
    """
    if len(items) <= MAX_ITEMS:
        return items
    dates: list[datetime] = []
    for item in items:
        date = _first_date((*item.published, *item.updated, *item.created))
        dates.append(date or (dates[-1] if dates else _BEFORE_ALL))
    order = sorted(range(len(items)), key=lambda at: dates[at], reverse=True)
    return [items[at] for at in sorted(order[:MAX_ITEMS])]


def _clean_items(items: Sequence[RawItem], budget: _TextBudget) -> list[ParsedItem]:
    """Cleans items, each field by itself: one that cannot be read is left out and counted.

    A field is read of all items before the next field is: then what that takes stays in the
    processor's caches, and texts, which sweep these out, come last.
    """
    made: list[dict[str, Any]] = [{} for _ in items]
    for read in (_titles, _names, _dates_of, _links, _texts):
        for item, fields in zip(items, made, strict=True):
            try:
                fields.update(read(item, budget))
            except Exception:  # noqa: BLE001 - one odd field costs itself, not the feed
                item.unreadable += 1
    return [ParsedItem(**fields) for fields in made]


def _titles(raw: RawItem, _budget: _TextBudget) -> dict[str, Any]:
    for text in (*raw.titles, *raw.fallback_titles):
        if line := one_line(text):
            return {"title": line}
    return {}


def _texts(raw: RawItem, budget: _TextBudget) -> dict[str, Any]:
    descriptions, captions = raw.descriptions or raw.fallback_descriptions, raw.captions
    if captions and not descriptions:
        descriptions, captions = captions[:1], captions[1:]
    if contents := raw.contents + raw.descriptions[1:]:
        read = _OnceReader()
        lead = _first_text(descriptions, read)
        texts = [lead, *map(read, contents)]
        longest = _combine_texts(texts)
    else:
        lead = longest = _first_text(descriptions, item_text)
        texts = [lead]
    found = {
        "summary": _truncate(lead.beginning(MAX_SUMMARY)),
        "paragraphs": longest.paragraphs if budget.admits(longest) else (),
    }
    if captions:
        found["caption"] = _truncate(" ".join(_unique_names(map(one_line, captions))))
    images = [picture for text in texts for picture in text.images]
    if images or raw.media or raw.enclosures or raw.artwork:
        found |= _image(raw, images, descriptions, captions)
    return found


def _image(
    raw: RawItem, images: Sequence[str], descriptions: Sequence[Markup], captions: Sequence[Markup]
) -> dict[str, Any]:
    base = next((text.base for text in (*raw.contents, *descriptions)), "")
    image = best_image(raw, images, base)
    if image is None:
        return {}
    return {
        "image": image.url,
        "image_alt": image_alt(image) or _caption_of(image, raw, captions),
    }


def _caption_of(image: Media, raw: RawItem, captions: Sequence[Markup]) -> str:
    """Returns what an item says of its images, beside them, where it can only mean this one."""
    is_declared = image in raw.media and image.type != "thumbnail"
    if not is_declared or len(captions) != 1 or len(raw.captions) != 1:
        return ""
    return image_alt(image._replace(alt=one_line(captions[0])))


class _OnceReader:
    """Reads the texts of an item, equal ones once: podcasts give one text under several names."""

    def __init__(self) -> None:
        self._known: list[tuple[Markup, ItemText]] = []

    def __call__(self, markup: Markup) -> ItemText:
        """Reads a text as `item_text` does."""
        for known, text in self._known:
            if known.text == markup.text and _are_of_one_kind(known, markup):
                return text
        self._known.append((markup, item_text(markup)))
        return self._known[-1][1]


def _are_of_one_kind(one: Markup, other: Markup) -> bool:
    """Tells if two equal texts are read alike, such as the HTML that each of them says it is."""
    return one.kind is other.kind or (is_html(*one[:2]) and is_html(*other[:2]))


def _names(raw: RawItem, _budget: _TextBudget) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if raw.authors:
        found["authors"] = _unique_names(map(_author, raw.authors))
    if raw.categories:
        found["categories"] = _unique_names(map(_line, raw.categories))
    if raw.language:
        found["language"] = _language(raw.language)
    return found


def _dates_of(raw: RawItem, budget: _TextBudget) -> dict[str, Any]:
    language = _language(raw.language) if raw.language else ""
    return item_dates(raw, language or budget.language)


def _links(raw: RawItem, _budget: _TextBudget) -> dict[str, Any]:
    return {
        "guid": clean_line(raw.guid)[:_MAX_GUID],
        "url": _page_url(raw),
        "enclosures": item_enclosures(raw) if raw.enclosures or raw.media else (),
    }


def _combine_texts(texts: Sequence[ItemText]) -> ItemText:
    """Returns the longest text, with those behind it that are no other version of it.

    The first, which is the summary, is not repeated.
    """
    if len(texts) == 1:
        return texts[0]
    lead, longest = texts[0], max(texts[1:], key=lambda text: text.length)
    if longest.length < lead.length * _SAME_TEXT_RATIO:
        longest = lead
    if len(texts) == 2 and longest is texts[1]:  # noqa: PLR2004 - a summary and the text, as usual
        return longest
    known_words = set(longest.line.split())
    other = [
        text for text in texts[1:] if text is not longest and not _mostly_repeats(text, known_words)
    ]
    kept = (longest, *other)
    paragraphs = tuple(part for text in kept for part in text.paragraphs)
    return ItemText(paragraphs, length=sum(text.length for text in kept))


def _mostly_repeats(text: ItemText, known_words: set[str]) -> bool:
    words = set(text.line.split())
    return len(words & known_words) * 2 > len(words) or not words


def _page_url(raw: RawItem) -> str | None:
    """Returns the item's page: where a redirector leads, and where all else fails a related one."""
    url = raw.original_link or raw.link or raw.permalink or raw.related_link
    return strip_tracking(unwrap_redirector(url))


def _first_text(texts: Sequence[Markup], read: Callable[[Markup], ItemText]) -> ItemText:
    """Returns the first text that is not empty, or else the first with images."""
    empty = ItemText()
    for text in map(read, texts):
        if text.paragraphs:
            return text
        empty = empty if empty.images else text
    return empty


def _first_date(dates: Iterable[str]) -> datetime | None:
    return next((date for date in map(parse_date, dates) if date), None)


def _truncate(line: str) -> str:
    if len(line) <= MAX_SUMMARY:
        return line
    return line[: MAX_SUMMARY - 1].rpartition(" ")[0] + "…"


@lru_cache(maxsize=4_096)
def _line(text: str) -> str:
    return one_line(Markup(text, MarkupKind.UNSPECIFIED), _MAX_NAME) if text else ""


@lru_cache(maxsize=1_024)
def _author(text: str) -> str:
    """Returns a name: `a@example.org (Ann)` and `Ann <a@example.org>` give `Ann`."""
    if "@" not in text:
        return _line(text)
    text = text[: _MAX_NAME * 4].replace("mailto:", "")
    name = _EMAIL.sub("", text).strip(" ()<>[],;:\"'")
    return _line(name) if any(sign.isalpha() for sign in name) else _line(text)


def _unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Returns the names, each once."""
    return tuple(dict.fromkeys(name for name in names if name))[:_MAX_NAMES]


def _language(text: str) -> str:
    text = text.strip()
    return text.replace("_", "-") if _LANGUAGE.fullmatch(text) else ""
