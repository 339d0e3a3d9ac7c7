"""Statements as psycopg takes them: they are written with the placeholders that SQLite takes."""

from __future__ import annotations

import re
from functools import lru_cache

_REMEMBERED = 2_000  # statements
# What stands in quotes, in a comment or in an identifier is no placeholder.
_TOKEN = re.compile(
    r"""
    /\*! (?P<own> [^*]* ) \*/        # what SQLite takes for a comment
    | (?P<quoted> '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* )
    | (?P<hint> \bINDEXED\s+BY\s+\w+ )    # which index to take: PostgreSQL's planner decides
    | (?P<cast> :: )
    | :(?P<name> [A-Za-z_]\w* )
    | (?P<mark> \? )
    | (?P<percent> % )
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=_REMEMBERED)
def translate(statement: str) -> str:
    """Translates `?` to `%s`, and `:name` to `%(name)s`; hints for SQLite's planner go.

    What stands in `/*! ... */` becomes a part of the statement, as it does with MySQL
    (https://dev.mysql.com/doc/refman/en/comments.html).
    """
    return _TOKEN.sub(_replacement, statement)


def _replacement(found: re.Match[str]) -> str:
    kind = found.lastgroup
    if kind == "name":
        return f"%({found['name']})s"
    if kind == "mark":
        return "%s"
    if kind == "own":
        return found["own"].strip()
    if kind == "hint":
        return ""
    return found[0].replace("%", "%%")
