"""Error messages for mistakes in a configuration, in words that its author understands.

Settings near a token may hold the token itself, put there by mistake; so a message repeats a value
only where no secret belongs, and only when it is short.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process, utils

from bot.config.schema import TABLES, Config
from bot.config.toml_lines import KeyPath
from bot.errors import ConfigError

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_OPENING = re.compile(r"""Expected "(?P<quotes>'+)\"""")

_BACKSLASH = r"double the \ in this text, or put the text in 'single quotes'"
_QUOTES = "the closing quotes are missing"
_INVISIBLE = "there is an invisible character here; remove it"

# How the standard library's messages begin, and what to say instead. They may go on with a key that
# is in the file, so they are never passed on.
_MEANINGS = {
    "Invalid value": "expected a value: text in quotes, a number, true, false or a [list]",
    "Expected '=' after a key": "expected key = value",
    "Expected newline or end of document": "expected nothing more on this line (unquoted text?)",
    "Expected ']' at the end of a table": "expected a ] after the table's name",
    "Expected ']]'": "expected ]] after the name",
    "Invalid initial character for a key": "expected a key, of letters, digits, - and _",
    "Invalid statement": "expected key = value, a [table] or a # comment",
    "Cannot overwrite a value": "this key or table is already set above",
    "Cannot declare": "this table is already set above",
    "Cannot mutate": "this table is already complete above",
    "Cannot redefine": "this table is already set above",
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


def syntax_problem(error: ValueError, file: str, text: str) -> ConfigProblem:
    """Explains a syntax error of the TOML parser.

    Args:
        error: The error that `tomllib.loads` raised.
        file: The file as it was named.
        text: The document that it was given.
    """
    raw = str(error)
    meanings = (says for begins, says in _MEANINGS.items() if raw.startswith(begins))
    message = next(meanings, "this is not TOML")
    place = _PLACE.search(raw)
    if place is None:
        return ConfigProblem(None, "", message, file)
    if place["line"]:
        return ConfigProblem(int(place["line"]), "", message, file, int(place["column"]))
    line, column = _end(raw, text)
    return ConfigProblem(line, "", message, file, column)


def _end(raw: str, text: str) -> tuple[int, int]:
    """Finds the place to look at when the document ended too early.

    When quotes that open a text are never closed, they are the last of their kind: that is the
    place, and not the end, which may be pages below.
    """
    opening = _OPENING.match(raw)
    at = text.rfind(opening["quotes"]) if opening else len(text.rstrip())
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


_SHOWN = frozenset(
    "language timezone page_size summary_length reload_cooldown id kind every encoding max_size "
    "date_from".split()
)
_PROBLEMS_SHOWN = 100  # lines; more are one mistake made everywhere
_SHOWN_LENGTH = 24  # shorter than any platform's token
_LARGE = 10**9  # hexadecimal numbers may have more digits than Python is willing to write

# What pydantic finds, in our words; `value_error` brings words of its own.
_EXPECTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "string_type": "text in quotes",
    "path_type": "text in quotes",
    "tuple_type": "a list in square brackets",
    "frozen_set_type": "a list in square brackets",
    "dataclass_type": "a table of settings",
}
_KINDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a number",
    float: "a decimal number",
    str: "a text",
    list: "a list",
    dict: "a table",
}
_LISTS_OF_TABLES = ("sources", "topics")


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One mistake in a configuration.

    Attributes:
        line: The line in the file, from 1; None when it is of no one line.
        where: The setting, as in `sources[0].every`; empty when it is of no one setting.
        message: The mistake, in one line.
        file: The file as it was named, or `environment`.
        column: The character in the line, from 1; None when the whole line is meant.
    """

    line: int | None
    where: str
    message: str
    file: str
    column: int | None = None

    def __str__(self) -> str:
        """Formats it as compilers do: `config.toml:12: sources[0].every: expected ...`."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return ": ".join(part for part in (place, self.where, self.message) if part)


class ConfigMistakes(ConfigError):  # noqa: N818 - its name tells it from an error about one thing
    """A configuration that cannot be used, with every reason found in one reading.

    Attributes:
        problems: The reasons, in the order of the file.
    """

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        shown = [str(problem) for problem in self.problems[:_PROBLEMS_SHOWN]]
        left = len(self.problems) - len(shown)
        super().__init__("\n".join([*shown, f"... and {left:,} more"] if left else shown))


class Mistake(NamedTuple):
    """A problem that does not know yet in which file and line it is.

    Attributes:
        at: The setting, by keys and indexes.
        message: The mistake, in one line.
    """

    at: KeyPath
    message: str

    def problem(self, file: str, lines: Mapping[KeyPath, int]) -> ConfigProblem:
        """Locates it in a file; a missing setting is reported at its table's line."""
        known = (self.at[:end] for end in range(len(self.at), 0, -1))
        line = next((lines[path] for path in known if path in lines), None)
        return ConfigProblem(line, _setting_name(self.at), self.message, file)


def explain(error: ErrorDetails) -> Mistake:
    """Explains an error of pydantic's in our words."""
    at, kind = error["loc"], error["type"]
    match kind:
        case "unexpected_keyword_argument":
            message = _unknown_setting(at)
        case "missing":
            message = "this setting is required"
        case "written_token":
            message = (
                f"a token must not be in this file; set DATELINE_{str(at[0]).upper()}_TOKEN in "
                "the environment, or token_file"
            )
        case "literal_error":
            choices = error["ctx"]["expected"].replace("'", '"')
            message = f"expected {choices}{_shown_value(at, error['input'])}"
        case "value_error":
            message = " ".join(str(error["ctx"]["error"]).split()) + _shown_value(
                at, error["input"]
            )
        case _:
            message = _wrong_type(at, kind, error["input"])
    return Mistake(at, message)


def _table_header(table: str) -> str:
    return f"[[{table}]]" if table in _LISTS_OF_TABLES else f"[{table}]"


def _wrong_type(at: KeyPath, kind: str, value: object) -> str:
    if len(at) == 1:
        return f"expected {_table_header(str(at[0]))} and settings under it, got {_kind(value)}"
    expected = _EXPECTED.get(kind, "another kind of value")
    return f"expected {expected}" + (_shown_value(at, value) or f", got {_kind(value)}")


def _shown_value(at: KeyPath, value: object) -> str:
    """Shows the value that was met instead, where it may be shown."""
    if at[-1] not in _SHOWN:
        return ""
    if isinstance(value, str) and len(value) <= _SHOWN_LENGTH:
        return f", got {_quoted(value)}"
    if isinstance(value, int | float) and abs(value) < _LARGE:
        return f", got {str(value).lower()}"
    return ""


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a date or a time")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _setting_name(at: KeyPath) -> str:
    text = ""
    for part in at:
        text += f"[{part}]" if isinstance(part, int) else f".{_key(part)}"
    return text.removeprefix(".")


def _key(key: str) -> str:
    """Writes a key as TOML does, on one line; of a long one, only its beginning."""
    if len(key) > _SHOWN_LENGTH:
        key = f"{key[:8]}…"
    if re.fullmatch(r"[\w…-]+", key):
        return key
    return _quoted(key)


def _unknown_setting(at: KeyPath) -> str:
    """Explains an unknown key, with the key that was probably meant (typos)."""
    table = Config if len(at) == 1 else TABLES[str(at[0])]
    known = table.settings()
    near = process.extractOne(
        str(at[-1]), known, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=70
    )
    if near:
        return f'unknown setting; did you mean "{near[0]}"?'
    homes = [name for name, other in TABLES.items() if at[-1] in other.settings()]
    if len(at) == 1 and len(homes) == 1:
        return f"unknown setting here; it belongs under {_table_header(homes[0])}"
    return f"unknown setting; the settings here are {', '.join(known)}"
