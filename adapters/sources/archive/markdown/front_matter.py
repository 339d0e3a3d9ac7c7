"""Reads front matter: YAML between `---`, TOML between `+++`, or a JSON object, before a text.

Formats: https://jekyllrb.com/docs/front-matter/ and https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MAX_FRONT_MATTER = 65_536
"""Characters; a longer one is refused."""

_MOST_BRACKETS = 500  # libyaml's composer has no limit of its own: depth would end the process
_WIDEST = 200  # columns of indentation, of which each level takes one at least
_INDENTATION = re.compile(r"^[-?: \t]*", re.MULTILINE)
_OPENING = re.compile(r"(?P<fence>---|\+\+\+)[ \t]*\n")
_FALSE = frozenset({"false", "no", "off", "0"})
_TRUE = frozenset({"true", "yes", "on", "1"})


class FrontMatterError(ValueError):
    """The front matter cannot be read.

    Attributes:
        line: Its line in the file, from 1.
    """

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Front matter: the part that stands before a text.

    Attributes:
        values: By keys in small letters.
        text: As it stands in the file.
        length: Lines that it takes, its fences included.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    length: int = 0

    def first(self, *names: str) -> str:
        """Returns the first of some values that is a text or a number; a dot leads into a table."""
        for name in names:
            value = _scalar(self._value(name))
            if value:
                return value
        return ""

    def all(self, *names: str) -> list[str]:
        """Returns all texts of some values, which may be lists, tables with names, or texts."""
        return [text for name in names for text in _texts(self._value(name))]

    def is_true(self, name: str) -> bool:
        """Returns True for a value that says so."""
        return _scalar(self._value(name)).casefold() in _TRUE

    def is_false(self, name: str) -> bool:
        """Returns True for a value that says no; one that is missing says nothing."""
        return _scalar(self._value(name)).casefold() in _FALSE

    def line_of(self, *names: str) -> int:
        """Returns the line in the file where the first of some keys stands; 1 for none."""
        for name in names:
            key = re.escape(name.rpartition(".")[2])
            found = re.search(
                rf"^\s*[\"']?{key}[\"']?\s*[:=]", self.text, re.MULTILINE | re.IGNORECASE
            )
            if found:
                return self.text.count("\n", 0, found.end()) + 1
        return 1

    def _value(self, name: str) -> Any:
        value: Any = self.values
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value


def opens_with_front_matter(text: str) -> bool:
    """Returns True for the beginning of a file that has front matter, whole or cut off.

    A text archive may begin with a rule of dashes, too; but what follows there are no keys.
    """
    found = _OPENING.match(text)
    if found is None:
        return False
    fence = found["fence"]
    inside, closing, _ = text[found.end() :].partition(f"\n{fence}")
    if text.startswith(f"{fence}\n{fence}"):
        return True
    lines = inside.splitlines() if closing else inside.splitlines()[:-1]
    has_key = any(_is_key(line, fence) for line in lines)
    return has_key and _is_key(next((x for x in lines if x.strip()), ""), fence, comment=True)


def _is_key(line: str, fence: str, *, comment: bool = False) -> bool:
    if comment and line.lstrip().startswith(("#", "[")):
        return True
    sign = ":" if fence == "---" else "="
    return re.match(rf"[\w\"'][\w .\"'-]{{0,60}}?\s*{sign}(?:\s|$)", line) is not None


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Splits a text into its front matter, empty for none, and the rest.

    Raises:
        FrontMatterError: The front matter is not closed, too long, or no YAML, TOML or JSON.
    """
    found = _OPENING.match(text)
    if found is None:
        return _split_json(text) if text.startswith("{") else (FrontMatter(), text)
    closing = _closing(found["fence"]).search(text, found.end() - 1)
    if closing is None:
        raise FrontMatterError(f"the front matter has no {found['fence']} at its end", 1)
    head = text[: closing.end()]
    if len(head) > MAX_FRONT_MATTER:
        raise FrontMatterError(f"the front matter has more than {MAX_FRONT_MATTER:,} characters", 1)
    inside = text[found.end() : max(found.end(), closing.start())]
    values = _read_yaml(inside) if found["fence"] == "---" else _read_toml(inside)
    return FrontMatter(_lower_keys(values), head, head.count("\n")), text[closing.end() :]


def _closing(fence: str) -> re.Pattern[str]:
    """Returns the pattern of the line that ends front matter; YAML may end by dots, too."""
    return re.compile(
        rf"\n(?:{re.escape(fence)}{'|[.]{3}' if fence == '---' else ''})[ \t]*(?:\n|$)"
    )


def _split_json(text: str) -> tuple[FrontMatter, str]:
    try:
        values, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return FrontMatter(), text  # a text may begin with a brace
    head = text[:end]
    return FrontMatter(_lower_keys(values), head, head.count("\n") + 1), text[end:]


def _read_yaml(text: str) -> Any:
    if _is_nested_deeply(text):
        raise FrontMatterError("the front matter is nested too deeply", 1)
    import yaml  # noqa: PLC0415 - archives of other forms do without it

    # The loader of libyaml, where PyYAML has it. Either makes texts of all scalars: no dates that
    # raise, no numbers of titles such as `2024`, no merge keys, which would expand like a bomb.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 - it makes nothing but texts and lists
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        raise FrontMatterError(
            f"the front matter is not valid YAML: {error.problem}", at.line + 2 if at else 1
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise FrontMatterError(f"the front matter is not valid YAML: {reason}", 1) from None


def _is_nested_deeply(text: str) -> bool:
    """Returns True for YAML that may be nested more deeply than any front matter is."""
    if any(len(found[0]) > _WIDEST for found in _INDENTATION.finditer(text)):
        return True
    return text.count("[") + text.count("{") > _MOST_BRACKETS


def _read_toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        reason = f"the front matter is no TOML: {error}"
        raise FrontMatterError(reason, int(found[1]) + 1 if found else 1) from None


def _lower_keys(values: Any, depth: int = 0) -> Mapping[str, Any]:
    if not isinstance(values, Mapping):
        return {}
    return {
        str(key).casefold(): _lower_keys(value, depth + 1)
        if isinstance(value, Mapping) and depth < 2  # noqa: PLR2004 - `cover.image.src`
        else value
        for key, value in values.items()
    }


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float | date):
        return str(value).strip()
    return ""


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title") or ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [text for each in value if not _is_list(each) for text in _texts(each)]
    text = _scalar(value)
    return [text] if text else []


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
