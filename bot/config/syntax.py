"""TOML's own mistakes, in words for somebody who sees TOML for the first time."""

from __future__ import annotations

import re

from bot.config.problems import Problem

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_OPENING = re.compile(r"""Expected "(?P<quotes>'+)\"""")

_BACKSLASH = r"a \ in a text must be doubled, or the text put in 'single quotes'"
_QUOTES = "the quotes that end a text are missing"
_INVISIBLE = "a character that nobody can see stands here; remove it"

# How the standard library's messages begin, and what to say instead. They may go on with a key that
# is in the file, so they are never passed on.
_MEANINGS = {
    "Invalid value": "expected a value: a text in quotes, a number, true, false or a [list]",
    "Expected '=' after a key": "expected key = value",
    "Expected newline or end of document": "expected nothing more in this line (a text in quotes?)",
    "Expected ']' at the end of a table": "expected a ] after the table's name",
    "Expected ']]'": "expected ]] after the name",
    "Invalid initial character for a key": "expected a key, of letters, digits, - and _",
    "Invalid statement": "expected key = value, a [table] or a # comment",
    "Cannot overwrite a value": "this key or table is already set further up",
    "Cannot declare": "this table is already set further up",
    "Cannot mutate": "this table is already complete further up",
    "Cannot redefine": "this table is already set further up",
    "Duplicate inline table key": "this key is already set in the same { }",
    "Unclosed array": "expected a , or the ] that ends the list",
    "Unclosed inline table": "expected a , or the } that ends the table",
    "Unescaped": _BACKSLASH,
    "Invalid hex value": _BACKSLASH,
    "Escaped character is not": _BACKSLASH,
    "Unterminated string": _QUOTES,
    "Expected \"'": _QUOTES,
    "Illegal character '\\n'": _QUOTES,
    "Found invalid character '\\n'": _QUOTES,
    "Illegal character": _INVISIBLE,
    "Found invalid character": _INVISIBLE,
    "Invalid date or datetime": "there is no such date or time",
    "Exceeds the limit": "a number in this file is far too long",
}


def syntax_problem(error: ValueError, file: str, text: str) -> Problem:
    """What the standard library has against the document.

    Args:
        error: What `tomllib.loads` raised.
        file: The file as it was named.
        text: The document that it was given.
    """
    raw = str(error)
    meanings = (says for begins, says in _MEANINGS.items() if raw.startswith(begins))
    message = next(meanings, "this is not TOML")
    place = _PLACE.search(raw)
    if place is None:
        return Problem(None, "", message, file)
    if place["line"]:
        return Problem(int(place["line"]), "", message, file, int(place["column"]))
    line, column = _end(raw, text)
    return Problem(line, "", message, file, column)


def _end(raw: str, text: str) -> tuple[int, int]:
    """Where to look when the document ended too early.

    When quotes that open a text are never closed, they are the last of their kind: that is the
    place, and not the end, which may be pages below.
    """
    opening = _OPENING.match(raw)
    at = text.rfind(opening["quotes"]) if opening else len(text.rstrip())
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
