r"""The language of templates: placeholders, sections, and a little markup; no code, no loops.

- `{title}` stands for the story's title, `{summary:200}` for at most 200 characters of its summary,
  `{source|place|time}` for those of several that the story has, with dots between them.
- `{?summary}…{/}` stands only where the story has a summary, `{!summary}…{/}` only where it has
  none; `{line}`, `\n` and a line break begin a new line.
- `**bold**`, `*italic*`, `[words]({link})`; a line that begins with `#` is a heading, one with `-#`
  small print, one of `---` is drawn across. A backslash takes the meaning off the next sign.

A template is read once, into a tree whose size is bounded. What a story brings is put in later and
is never read as a part of the language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rapidfuzz import fuzz, process

from bot.i18n import N_
from bot.subscriptions.post_template import MAX_TEXT

PLACEHOLDERS = (
    "title",
    "summary",
    "text",
    "source",
    "also",
    "place",
    "time",
    "byline",
    "topics",
    "hashtags",
    "link",
    "prefix",
)
"""The names of what a template can show of a story."""

MAX_PLACEHOLDERS = 20
"""Placeholders of a template."""

MAX_LINES = 40
"""Lines of a template."""

MAX_DEPTH = 4
"""Sections, bold and italic texts and links inside one another."""

MAX_FIELD = 2_000
"""Characters that one placeholder shows at most."""

_KEPT = 500  # templates: thousands of subscriptions have few of their own
_SIMILAR = 60.0  # how alike (of 100) a name must be to one that there is
_LINE = "line"
_BOLD, _ITALIC = "**", "*"
_ALIASES: Mapping[str, str] = {
    **dict.fromkeys(("headline", "name", "subject"), "title"),
    **dict.fromkeys(("description", "excerpt", "abstract", "snippet"), "summary"),
    **dict.fromkeys(("content", "body", "article", "full"), "text"),
    **dict.fromkeys(("feed", "site", "publisher", "outlet"), "source"),
    **dict.fromkeys(("author", "writer", "creator", "by"), "byline"),
    **dict.fromkeys(("date", "published", "pubdate", "when"), "time"),
    **dict.fromkeys(("url", "href", "address", "page", "guid"), "link"),
    **dict.fromkeys(("tags", "categories", "category", "topic", "labels"), "topics"),
    **dict.fromkeys(("hashtag",), "hashtags"),
    **dict.fromkeys(("dateline", "city", "location"), "place"),
    **dict.fromkeys(("newline", "br", "linebreak"), _LINE),
}
"""Names that other programs use, with the right ones."""

_REPEATS = re.compile(
    r"(?:[%#@]\s*)?(?:for|foreach|each|while|until|loop|repeat|range|include|import|template"
    r"|extends|macro|block|set|call|def|if|elif|else|endfor|endif)\b|[%#>]",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"\\(?P<escaped>.)"
    r"|(?P<to_page>\]\(\{{1,2}\s*link\s*\}{1,2}\))"
    r"|\]\((?P<elsewhere>[^()\s]*)\)"
    r"|\{{1,2}(?P<field>[^{}]*)\}{1,2}"
    r"|(?P<stars>\*{1,3})"
    r"|(?P<opened>\[(?=[^\[]*?\]\())"
    r"|(?P<stray>[{}])"
    r"|(?P<text>[^\\{}*\[\]]+|.)",
    re.DOTALL,
)
_FIELD = re.compile(r"(?P<name>\w+)(?::(?P<limit>\d{1,5}))?")


class TemplateError(Exception):
    """A template cannot be read.

    Attributes:
        message: What is wrong, in English, to be translated.
        values: What fills it in.
    """

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the template itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A placeholder, with the characters that it shows at most."""

    name: str
    limit: int = MAX_FIELD


@dataclass(frozen=True, slots=True)
class JoinedFields:
    """Several placeholders: those that a story has, with dots between them."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Nodes that stand only where a story has something, or where it has not."""

    name: str
    nodes: tuple[Node, ...]
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class Styled:
    """Nodes in bold or italic, or as a link to the story's page."""

    nodes: tuple[Node, ...]
    bold: bool = False
    italic: bool = False
    is_link: bool = False


Node: TypeAlias = "Words | Field | JoinedFields | Section | Styled"
"""A part of a template."""

NEW_LINE = Words("\n")
"""Words that begin a new line."""


@lru_cache(_KEPT)
def parse_template(text: str) -> tuple[Node, ...]:
    """Reads a template.

    Raises:
        TemplateError: It cannot be read.
    """
    if len(text) > MAX_TEXT:
        raise TemplateError(
            N_("A template has at most {most} characters; this one has {count}."),
            most=str(MAX_TEXT),
            count=str(len(text)),
        )
    return _Parser().parse(text)


@dataclass(slots=True)
class _Open:
    """A section or a style that is open or, at the bottom, the template."""

    sign: str
    nodes: list[Node]
    name: str = ""


class _Parser:
    """Reads one template, sign by sign, with a stack of what is open."""

    def __init__(self) -> None:
        self._stack = [_Open("", [])]
        self._placeholders = 0
        self._lines = 1

    def parse(self, text: str) -> tuple[Node, ...]:
        for match in _TOKEN.finditer(text):
            self._read(match)
        left = self._stack[-1]
        if left.name:
            raise TemplateError(N_("{section} is not closed: {end} is missing."), **_ends(left))
        if left.sign:
            raise TemplateError(N_("{sign} is opened and not closed."), sign=left.sign)
        if not self._placeholders:
            raise TemplateError(
                N_("A template has to show something of the story, such as {example}."),
                example="{title}",
            )
        return tuple(left.nodes)

    def _read(self, match: re.Match[str]) -> None:
        kind, token = match.lastgroup, match[0]
        if kind == "field":
            self._field(match["field"].strip())
        elif kind == "to_page":
            self._close("[", token, is_link=True)
        elif kind == "elsewhere":
            raise TemplateError(
                N_("A link can only lead to {link}, the story's page."), link="{link}"
            )
        elif kind == "stars":
            self._stars(len(token))
        elif kind == "opened":
            self._open(_Open("[", []))
        elif kind == "stray":
            raise TemplateError(
                N_("{sign} stands alone. To show it as it is, put a backslash before it."),
                sign=token,
            )
        else:
            escaped = match["escaped"]
            self._add_words(NEW_LINE.text if escaped == "n" else escaped or token)

    def _add_words(self, text: str) -> None:
        self._lines += text.count(NEW_LINE.text)
        if self._lines > MAX_LINES:
            raise TemplateError(N_("A template has at most {most} lines."), most=str(MAX_LINES))
        self._add(Words(text))

    def _add(self, node: Node) -> None:
        self._stack[-1].nodes.append(node)

    def _open(self, one: _Open) -> None:
        if len(self._stack) > MAX_DEPTH:
            raise TemplateError(N_("Too many parts of this template stand inside one another."))
        self._stack.append(one)

    def _stars(self, count: int) -> None:
        """Opens or closes what one, two or three stars in a row stand for."""
        is_italic_first = self._stack[-1].sign == _ITALIC
        if count == len(_ITALIC) or (count > len(_BOLD) and is_italic_first):
            self._toggle(_ITALIC, italic=True)
        if count >= len(_BOLD):
            self._toggle(_BOLD, bold=True)
        if count > len(_BOLD) and not is_italic_first:
            self._toggle(_ITALIC, italic=True)

    def _toggle(self, sign: str, *, bold: bool = False, italic: bool = False) -> None:
        if any(one.sign == sign for one in self._stack):
            self._close(sign, sign, bold=bold, italic=italic)
        else:
            self._open(_Open(sign, []))

    def _close(
        self,
        sign: str,
        token: str,
        *,
        bold: bool = False,
        italic: bool = False,
        is_link: bool = False,
    ) -> None:
        last = self._stack[-1]
        if last.sign != sign:
            raise TemplateError(N_("{sign} is closed before what it holds."), sign=token)
        self._stack.pop()
        self._add(Styled(tuple(last.nodes), bold, italic, is_link))

    def _field(self, inside: str) -> None:
        if inside.startswith("/"):
            self._end_section()
        elif inside[:1] in {"?", "!"}:
            name = inside[1:].strip()
            self._open(_Open(inside[0], [], self._known(name)))
        elif inside.casefold() == _LINE:
            self._add_words(NEW_LINE.text)
        else:
            fields = tuple(map(self._one_field, inside.split("|")))
            self._add(fields[0] if len(fields) == 1 else JoinedFields(fields))

    def _end_section(self) -> None:
        last = self._stack[-1]
        if not last.name:
            raise TemplateError(N_("{end} ends nothing here."), end="{/}")
        self._stack.pop()
        self._add(Section(last.name, tuple(last.nodes), last.sign == "?"))

    def _one_field(self, typed: str) -> Field:
        match = _FIELD.fullmatch(typed.strip())
        if match is None:
            self._known(typed.strip())
            raise unknown_placeholder(typed.strip())
        self._placeholders += 1
        if self._placeholders > MAX_PLACEHOLDERS:
            raise TemplateError(
                N_("A template can show at most {most} things."), most=str(MAX_PLACEHOLDERS)
            )
        limit = int(match["limit"] or MAX_FIELD)
        return Field(self._known(match["name"]), max(1, min(limit, MAX_FIELD)))

    def _known(self, name: str) -> str:
        if _REPEATS.match(name):
            raise TemplateError(
                N_(
                    "{words} doesn't work: a template repeats nothing and has no code. Each story "
                    "is a post of its own."
                ),
                words=f"{{{name}}}",
            )
        if name.casefold() not in PLACEHOLDERS:
            raise unknown_placeholder(name)
        return name.casefold()


def _ends(one: _Open) -> dict[str, str]:
    return {"section": f"{{{one.sign}{one.name}}}", "end": "{/}"}


def unknown_placeholder(name: str) -> TemplateError:
    """Returns the error for a placeholder that there is none of; it names the nearest one."""
    near = nearest_placeholder(name)
    shown = f"{{{name[:40]}}}"
    if not near:
        return TemplateError(
            N_("There is nothing called {name}. There are {names}."),
            name=shown,
            names=" ".join(f"{{{one}}}" for one in PLACEHOLDERS),
        )
    return TemplateError(
        N_("There is nothing called {name}. Did you mean {near}?"), name=shown, near=f"{{{near}}}"
    )


def nearest_placeholder(name: str) -> str:
    """Returns the placeholder that a name is meant for; empty where none is like it."""
    key = name.casefold().strip()
    if key in _ALIASES:
        return _ALIASES[key]
    names: Sequence[str] = (*PLACEHOLDERS, *_ALIASES)
    found = process.extractOne(key, names, scorer=fuzz.ratio, score_cutoff=_SIMILAR)
    return _ALIASES.get(found[0], found[0]) if found else ""
