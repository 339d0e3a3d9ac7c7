"""Line numbers of the keys of a TOML document.

The standard library reads TOML but forgets the lines. This scanner finds them again; it trusts that
the document is valid, so it needs to know only where keys, values and brackets begin and end.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

KeyPath = tuple[str | int, ...]
"""The path of a value from the root: keys of tables, and indexes (from 0) of lists."""

# A multi-line string may end in up to two quotes of its own before the three that close it. One
# that never ends takes all that is left, so that nothing is read twice.
_TOKEN = re.compile(
    r"""
      \"\"\" (?: \\. | [^\\] )*? (?: \"{3,5} | \\?\Z )
    | ''' .*? (?: '{3,5} | \Z )
    | " (?: \\. | [^"\\\n] )*+ "?
    | ' [^'\n]*+ '?
    | (?P<comment> \# [^\n]* )
    | [\[\]{}=,.\n]
    | [^\s\[\]{}=,.\#"']+
    """,
    re.VERBOSE | re.DOTALL,
)

DEEPEST_KEY = 16
"""Parts of the longest dotted key that is read."""

_END = ""
_ENDS_VALUE = frozenset({"\n", ",", "]", "}", _END})


def locate(text: str) -> Mapping[KeyPath, int]:
    r"""Locates every table, key and list element by its line.

    A table's line is its header's. One without a header (`[a.b]` and `a.b = 1` both make an `a`)
    has the line that first mentions it. Lines end in `\n` alone, as TOML has it.

    Args:
        text: A valid TOML document.

    Returns:
        Lines counted from 1. For an invalid document they mean nothing.

    Raises:
        RecursionError: Lists or inline tables lie hundreds deep in each other.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_of_deep_key(text: str) -> int:
    """Returns the line of the first key with more than `DEEPEST_KEY` parts; 0 for none.

    It takes linear time, whatever the text is.
    """
    dots = 0
    after_dot = False
    for token in _tokens(text):
        if token.text == ".":
            dots += 1
            after_dot = True
        else:
            dots = dots if after_dot else 0
            after_dot = False
        if dots >= DEEPEST_KEY:
            return token.line
    return 0


class _Token(NamedTuple):
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    """Tokenizes the document without blanks and comments; the last token has no text."""
    line, counted = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if not match["comment"]:
            yield _Token(match[0], line)
    yield _Token(_END, line)


def _unquoted(key: str) -> str:
    """Unquotes a key as the standard library does."""
    if key[0] not in "\"'":
        return key
    return next(iter(tomllib.loads(f"{key} = 0")))


class _Scanner:
    """Walks the tokens once; each method takes what its name says off their front."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._elements: dict[KeyPath, int] = {}  # of each [[array]], how many there are so far
        self._rest = _tokens(text)
        self._next = next(self._rest)

    def _take(self) -> _Token:
        token = self._next
        if token.text != _END:
            self._next = next(self._rest)
        return token

    def document(self) -> None:
        table: KeyPath = ()
        while self._next.text != _END:
            if self._next.text == "\n":
                self._take()
            elif self._next.text == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        """A `[table]` or an `[[element]]`; returns the table that it opens."""
        line = self._take().line
        element = self._next.text == "["
        if element:
            self._take()
        *parents, name = self._keys(until="]")
        if element:
            self._take()
        path: KeyPath = ()
        for parent in parents:
            path = self._newest((*path, parent))
            self.lines.setdefault(path, line)
        path = (*path, name)
        if element:
            self.lines.setdefault(path, line)
            self._elements[path] = self._elements.get(path, 0) + 1
            path = self._newest(path)
        self.lines[path] = line
        return path

    def _newest(self, path: KeyPath) -> KeyPath:
        """The table that a header means by `path`: of an [[array]], its last element so far."""
        count = self._elements.get(path)
        return path if count is None else (*path, count - 1)

    def _keys(self, until: str) -> list[str]:
        """The parts of a dotted key, up to and with the sign that ends it."""
        keys = []
        while (token := self._take()).text not in (until, _END):
            if token.text != ".":
                keys.append(_unquoted(token.text))
        return keys

    def _pair(self, table: KeyPath) -> None:
        line = self._next.line
        path = table
        for key in self._keys(until="="):
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._next.text == "[":
            self._list(path)
        elif self._next.text == "{":
            self._inline_table(path)
        else:
            # One value can be several tokens: the dot of a number, the blank of a date and time.
            self._take()
            while self._next.text not in _ENDS_VALUE:
                self._take()

    def _list(self, path: KeyPath) -> None:
        self._take()
        index = 0
        while self._next.text not in ("]", _END):
            if self._next.text in ("\n", ","):
                self._take()
                continue
            self.lines[(*path, index)] = self._next.line
            self._value((*path, index))
            index += 1
        self._take()

    def _inline_table(self, path: KeyPath) -> None:
        self._take()
        while self._next.text not in ("}", _END):
            if self._next.text in ("\n", ","):
                self._take()
            else:
                self._pair(path)
        self._take()
