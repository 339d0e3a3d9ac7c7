"""Rendering of pages: templates, with everything escaped, and what they may call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from adapters.web.asked import Asked
from adapters.web.assets import load_assets
from adapters.web.teasers import (
    LONGEST_HEADLINE,
    LONGEST_SUMMARY,
    Teaser,
    clip,
    mark_words,
)
from adapters.web.wording import labels
from bot.dates import published
from bot.i18n import language_name, languages
from bot.model import Story
from bot.posting.page_links import story_path
from bot.reply import Card, LocalClock
from bot.text.bidi import is_right_to_left
from bot.web.addresses import source_path, topic_path
from bot.web.archive import local_day
from bot.web.site import Site

_TEMPLATES = Path(__file__).parent / "templates"
_OF_SCRIPTS = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


@lru_cache(1)
def environment() -> Environment:
    """Returns the templates, which are compiled once."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def as_data(value: Mapping[str, Any]) -> Markup:
    """Returns an object as JSON for a block of data in a page, which no text can end."""
    return Markup(json.dumps(value, ensure_ascii=False).translate(_OF_SCRIPTS))  # noqa: S704 - as above


@lru_cache(1)
def _language_names() -> Mapping[str, str]:
    return {one: language_name(one) for one in languages()}


@lru_cache(256)  # every page has the date of today
def _date_text(day: date, form: str, language: str) -> str:
    return format_date(day, form, locale=language)


@lru_cache(16)
def _direction(language: str) -> str:
    return str(Locale.parse(language).text_direction)


@dataclass(frozen=True, slots=True)
class View:
    """The site, a request and its reader, as the templates know them.

    Attributes:
        site: The site.
        asked: The request.
        base_path: The path of the site's address, without a slash at its end; mostly empty.
        has_pictures: True where pictures are shown, through the proxy.
        hub: The hub that is told of new stories; empty for none.
    """

    site: Site
    asked: Asked
    base_path: str
    has_pictures: bool
    hub: str

    def page(self, template: str, **given: object) -> bytes:
        """Renders a page."""
        return self.text(template, **given).encode("utf-8", "replace")

    def text(self, template: str, **given: object) -> str:
        """Renders a page as text."""
        words = self.asked.words
        return (
            environment()
            .get_template(template)
            .render(
                view=self,
                site=self.site,
                t=labels(words),
                lang=words.language,
                direction=_direction(words.language),
                assets=load_assets().paths,
                **{"robots": "", "active": "", "description": "", "canonical": "", **given},
            )
        )

    def link(self, path: str) -> str:
        """Returns the address of a page, in the language that the reader has chosen by one."""
        if not self.asked.lang:
            return f"{self.base_path}{path}"
        sign = "&" if "?" in path else "?"
        return f"{self.base_path}{path}{sign}{urlencode({'lang': self.asked.lang})}"

    def file(self, path: str) -> str:
        """Returns the address of what has no language."""
        return f"{self.base_path}{path}"

    def public(self, path: str) -> str:
        """Returns the whole address of a page, for those who come from elsewhere."""
        return f"{self.site.links.base}{path}"

    def here(self, **changed: str) -> str:
        """Returns the address of this page with other parameters."""
        query = {**self.asked.query, **changed}
        kept = urlencode({name: value for name, value in query.items() if value})
        path = quote(self.asked.path, safe="/")
        return f"{self.base_path}{path}{'?' + kept if kept else ''}"

    def story_link(self, story: Story) -> str:
        """Returns the address of a story's page."""
        return self.link(story_path(story))

    def topic_link(self, name: str) -> str:
        """Returns the address of a topic's page."""
        return self.link(topic_path(name))

    def source_link(self, source: str) -> str:
        """Returns the address of a source's page."""
        return self.link(source_path(source))

    def is_known(self, source: str) -> bool:
        """Tells whether a source has a page."""
        return source in self.site.services.sources

    def source_name(self, source: str) -> str:
        """Returns a source's name."""
        return self.site.services.names.source(source)

    def picture(self, story: Story) -> str:
        """Returns the address of a story's picture; empty where none is shown."""
        return self.file(f"/picture/{story.id}") if self.has_pictures and story.image else ""

    def when(self, story: Story) -> str:
        """Returns when a story was published, for people."""
        clock = LocalClock(self.site.services.zone)
        return published(story, clock, self.asked.words.language)

    def moment(self, story: Story) -> str:
        """Returns the same for programs: a date where only that is known."""
        if story.date_only:
            return story.published.date().isoformat()
        return story.published.isoformat(timespec="seconds").replace("+00:00", "Z")

    def day_link(self, story: Story) -> str:
        """Returns the address of the day of a story in the archive."""
        return self.link(f"/archive/{local_day(story, self.site.services.zone):%Y/%m/%d}")

    def today(self) -> str:
        """Returns the date of today."""
        now = self.site.services.clock.now().astimezone(self.site.services.zone)
        return self.date(now.date())

    def date(self, day: date, form: str = "full") -> str:
        """Returns a date in words."""
        return _date_text(day, form, self.asked.words.language)

    def month(self, month: int) -> str:
        """Returns the name of a month."""
        names = get_month_names("wide", "stand-alone", self.asked.words.language)
        return str(names[month])

    def count(self, number: int | None) -> str:
        """Returns how many stories there are, in words."""
        if number is None:
            return ""
        told = self.asked.words.ngettext("{count} story", "{count} stories", number)
        return told.format(count=number)

    def number(self, number: int) -> str:
        """Returns a number as the language writes it."""
        return format_decimal(number, locale=self.asked.words.language)

    def read_at(self, source: str) -> str:
        """Returns what the link to the publisher's page says."""
        return self.asked.words.gettext("Read it all at {source}").format(source=source)

    def page_of(self, page: int, pages: int) -> str:
        """Returns which page of how many it is."""
        return self.asked.words.gettext("Page {page} of {pages}").format(page=page, pages=pages)

    def zone(self) -> str:
        """Returns which zone times are of."""
        told = self.asked.words.gettext("Times are those of {zone}.")
        return told.format(zone=self.site.services.zone.key.replace("_", " "))

    def snippet(self, card: Card) -> Markup:
        """Returns the passage that a search found, or else a story's summary."""
        if card.snippet:
            return mark_words(card.snippet)
        return escape(clip(card.story.summary, LONGEST_SUMMARY))

    def headline(self, story: Story) -> str:
        """Returns a story's headline, or the beginning of a very long one."""
        return clip(story.title, LONGEST_HEADLINE)

    def direction(self, text: str) -> str:
        """Returns the direction of a story by its headline, as HTML names it."""
        return "rtl" if is_right_to_left(text) else "ltr"

    def teaser(self, card: Card) -> Teaser:
        """Returns a story as a list shows it."""
        story = card.story
        topic = story.topics[0] if story.topics else ""
        return Teaser(
            title=self.headline(story),
            link=self.story_link(story),
            direction=self.direction(story.title),
            language=story.language,
            picture=self.picture(story),
            topic=topic,
            topic_link=self.topic_link(topic) if topic else "",
            place=story.place,
            passage=self.snippet(card),
            source=card.source,
            source_link=self.source_link(story.source) if self.is_known(story.source) else "",
            moment=self.moment(story),
            when=self.when(story),
            also=card.also,
        )

    def choices(self) -> Mapping[str, str]:
        """Returns the languages of the site, by their codes."""
        return _language_names()
