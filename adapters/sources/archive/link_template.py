"""Link templates: make URLs with slugs for an archive's stories, which have none of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from string import Formatter
from urllib.parse import quote

from bot.model import Story
from bot.text.slugs import slug
from bot.text.urls import split_url

FIELDS = ("slug", "date", "title", "place", "id", "source")
"""The fields that a template may have in braces."""

_ORIGIN = re.compile(r"https?://[^/?#@\\{}]+(?=[/?#]|$)", re.IGNORECASE)
_DATE_FORM = re.compile(r"(?:[^%{}]|%(?:-[djm]|[ABGVYabdjmuwy]))+")
_URL_SIGNS = "%/?#[]@!$&'()*+,;=:"  # what a quoted template keeps: they are its own structure


@dataclass(frozen=True, slots=True)
class _Part:
    """Fixed text and the field behind it; without a field when the text is the end."""

    fixed: str
    field: str | None
    form: str


@dataclass(frozen=True, slots=True)
class LinkTemplate:
    """A template for a source's links: `https://example.org/{date:%Y/%m/%d}/{slug}/`.

    Attributes:
        text: The template as the operator wrote it.
    """

    text: str
    _parts: tuple[_Part, ...]

    @classmethod
    def parse(cls, text: str) -> LinkTemplate:
        """Parses a template. It takes whole fields only, so it can reach into no object.

        Raises:
            ValueError: It gives no http or https address; the message is one line for a person.
        """
        if " " in text or not text.isprintable():
            raise ValueError("a link cannot contain spaces or control characters")
        parts = tuple(_parts(text))
        _check_origin(text)
        return cls(text, parts)

    @property
    def site(self) -> str:
        """The address of the website: the template's scheme and host."""
        origin = _ORIGIN.match(self.text)
        return f"{origin[0]}/" if origin else ""

    def url(self, story: Story, slug: str = "") -> str:
        """Returns the story's URL; its values are quoted, so none can change the template's own.

        Args:
            story: The story.
            slug: Its slug, where its archive gives one; empty to make it of the title.
        """
        return "".join(
            quote(part.fixed, safe=_URL_SIGNS) + _value(part, story, slug) for part in self._parts
        )


def _parts(text: str) -> list[_Part]:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        raise ValueError("a link has an unmatched { or }") from None
    for _, field, form, conversion in pieces:
        if field is not None:
            _check_field(field, form or "", conversion)
    return [_Part(fixed, field, form or "") for fixed, field, form, _ in pieces]


def _check_field(field: str, form: str, conversion: str | None) -> None:
    if field not in FIELDS:
        name = re.split(r"[.\[]", field)[0]
        if name != field and name in FIELDS:
            raise ValueError(f"a link can only have whole fields: {{{name}}}, not {{{field}}}")
        known = ", ".join(f"{{{each}}}" for each in FIELDS)
        raise ValueError(f"a link has no field {{{field}}}; the fields are {known}")
    if conversion:
        raise ValueError(
            f"a link can only have whole fields: {{{field}}}, not {{{field}!{conversion}}}"
        )
    if form and field != "date":
        raise ValueError(f"only a date can have a format: {{{field}}}, not {{{field}:{form}}}")
    if form and not _is_date_form(form):
        raise ValueError(f'"{form}" is not a date format; use one such as %Y/%m/%d')


def _is_date_form(form: str) -> bool:
    if "%" not in form or not _DATE_FORM.fullmatch(form):
        return False
    try:
        return bool(date(2000, 1, 1).strftime(form))
    except ValueError:  # not every system knows %-d
        return False


def _check_origin(text: str) -> None:
    origin = _ORIGIN.match(text)
    if origin is None:
        raise ValueError("a link must begin with http:// or https:// and a host without fields")
    address = split_url(origin[0])
    is_address = address is not None and bool(address.hostname) and address.port != 0
    if not is_address or not origin[0].isascii():
        raise ValueError(f"{origin[0]} is not an address; a host beyond ASCII is written as xn--…")


def _value(part: _Part, story: Story, own_slug: str) -> str:
    match part.field:
        case None:
            return ""
        case "date":
            day = story.published.date()
            return quote(day.strftime(part.form) if part.form else str(day), safe=_URL_SIGNS)
        case "slug":
            return quote(own_slug or slug(story.title) or story.id, safe="")
        case field:
            return quote(str(getattr(story, field)), safe="")
