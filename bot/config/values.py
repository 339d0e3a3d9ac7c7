"""Types and validators of single settings: durations, sizes, names, addresses, paths.

Each rule raises `ValueError("expected ...")` for what it does not take and never repeats the value:
only `bot.config.problems` knows which values may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, SecretStr, Strict, ValidationInfo
from pydantic_core import PydanticCustomError
from rapidfuzz import process, utils

from bot import i18n
from bot.config import addresses, http_values
from bot.search.query import MAX_QUERY, parse
from bot.text.emoji import is_emoji

LONGEST = timedelta(days=366)
"""The longest time that can be written; a longer one is a typo."""

# At most nine digits: what they can say still fits a timedelta, whatever the unit.
_DURATION = re.compile(r"([0-9]{1,9}) ?([smhd])")
_SIZE = re.compile(r"([0-9]{1,9}) ?(B|KB|MB|GB)", re.IGNORECASE)

_SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
_BYTES = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}


def parse_duration(text: str) -> timedelta:
    """Parses a duration: a whole number and `s`, `m`, `h` or `d`, as in `90s`.

    Raises:
        ValueError: It says no time, or one over `LONGEST`. The message tells what is expected and
            does not repeat `text`.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError('expected a time such as "30s", "15m", "2h" or "1d"')
    duration = timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
    if duration > LONGEST:
        raise ValueError(f"expected a time of at most {LONGEST.days}d")
    return duration


def parse_size(text: str) -> int:
    """Parses a size in bytes: a whole number and `B`, `KB`, `MB` or `GB`, as in `64MB`.

    A KB is 1,024 bytes, an MB 1,024 KB, and so on: as file managers and `ls -h` count.

    Raises:
        ValueError: It says no size. The message tells what is expected and does not repeat `text`.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError('expected a size such as "512KB", "64MB" or "1GB"')
    return int(match[1]) * _BYTES[match[2].upper()]


MAX_NAME = 100
"""Characters of a name: as many as a choice in a chat platform's menu can hold."""

UTC = ZoneInfo("UTC")

_SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_ONE_MINUTE = timedelta(minutes=1)
_ONE_KB = 1024
_COLOUR = re.compile(r"#([0-9a-fA-F]{6})")


def _between(low: int, high: int) -> Callable[[int], int]:
    def check(number: int) -> int:
        if not low <= number <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return number

    return check


def _user_id(number: int) -> int:
    # Groups have negative ids, and no platform's id needs more than 64 bits.
    if not 0 < number < 2**64:
        raise ValueError("expected a user's id, which is a positive whole number")
    return number


def _duration(value: object) -> timedelta:
    return parse_duration(value if isinstance(value, str) else "")


def _interval(duration: timedelta) -> timedelta:
    if duration < _ONE_MINUTE:
        raise ValueError("expected a time of at least 1m")
    return duration


def _colour(value: object) -> int:
    match = _COLOUR.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('expected a colour such as "#1F6FEB"')
    return int(match[1], 16)


def _icon(text: str) -> str:
    icon = text.strip()
    if icon and not is_emoji(icon):
        raise ValueError('expected one emoji, such as "🗞️"')
    return icon


def _size(value: object) -> int:
    size = parse_size(value if isinstance(value, str) else "")
    if size < _ONE_KB:
        raise ValueError("expected a size of at least 1KB")
    return size


def _name(text: str) -> str:
    name = text.strip()
    if not (name and len(name) <= MAX_NAME and name.isprintable()):
        raise ValueError(f"expected a name of 1 to {MAX_NAME} characters on one line")
    return name


_LONGEST_ABOUT = 300  # characters; platforms' profiles take little more


def _desk_name(text: str) -> str:
    return _name(text) if text.strip() else ""


def _about(text: str) -> str:
    about = text.strip()
    if len(about) > _LONGEST_ABOUT or not (about + " ").isprintable():
        raise ValueError(f"expected a sentence of up to {_LONGEST_ABOUT} characters on one line")
    return about


def _source_id(text: str) -> str:
    if not _SOURCE_ID.fullmatch(text):
        raise ValueError(
            'expected up to 32 lowercase letters, digits, "-" and "_", starting with a letter '
            "or digit"
        )
    return text


def _language(text: str) -> str:
    if text not in i18n.languages():
        known = ", ".join(f'"{language}"' for language in i18n.languages())
        raise ValueError(f"expected a language that the bot speaks ({known})")
    return text


def _zone(value: object) -> ZoneInfo:
    name = value if isinstance(value, str) else ""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name at all; the name of a folder
        zones = sorted(available_timezones())
        near = process.extractOne(name, zones, processor=utils.default_process, score_cutoff=80)
        example = near[0] if near else "Europe/London"
        raise ValueError(f'expected a time zone such as "{example}"') from None


def _encoding(text: str) -> str:
    try:
        " ".encode(text)  # unlike codecs.lookup, it refuses codecs of bytes such as base64
    except (LookupError, ValueError):
        raise ValueError('expected a text encoding such as "utf-8" or "cp1252"') from None
    return text


def _guild_id(number: int) -> int:
    if not 0 <= number < 2**64:
        raise ValueError("expected a server's id, which is a positive whole number, or 0")
    return number


def file_path(path: Path) -> Path:
    """Expands `~` in a path.

    Raises:
        ValueError: It can be no file's path.
    """
    if path == Path() or "\0" in str(path):
        raise ValueError("expected the path of a file")
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("expected a path; its home folder does not exist") from None


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _one_or_more(value: object) -> object:
    if not isinstance(value, str | list):
        raise ValueError("expected a path in quotes, or a list of them")  # noqa: TRY004 - pydantic passes a TypeError on
    return [value] if isinstance(value, str) else value


def _patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    if not patterns:
        raise ValueError("expected at least one path")
    return tuple(str(file_path(Path(pattern))) for pattern in patterns)


def _model_name(text: str) -> str:
    name = text.strip()
    if not (len(name) <= MAX_NAME and name.isprintable()):
        raise ValueError(f"expected a model's name, of at most {MAX_NAME} characters on one line")
    return name


def _prefix(text: str) -> str:
    if not (len(text) <= MAX_NAME and text.isprintable()):
        raise ValueError(f"expected at most {MAX_NAME} characters on one line")
    return text


def _query(text: str) -> str:
    if len(text) > MAX_QUERY:
        raise ValueError(f"expected at most {MAX_QUERY:,} characters")
    query = parse(text)
    if not query:
        raise ValueError("expected at least one word to search for")
    # A topic is the same whenever it is asked for, and holds stories of every source.
    useless = [name for name, _ in query.filters if name != "in"]
    if useless:
        raise ValueError(f"a saved search cannot use {useless[0]}:, only words and in:title")
    return text


def _link(template: str, info: ValidationInfo) -> str:
    check: Callable[[str], None] | None = info.context
    if check is not None:
        check(template)
    return template


def _not_a_setting(_value: object) -> NoReturn:
    raise PydanticCustomError("unexpected_keyword_argument", "a field that no file can set")


def _no_token(_value: object) -> NoReturn:
    raise PydanticCustomError("written_token", "a token written in the configuration")


PageSize = Annotated[int, Strict(), AfterValidator(_between(1, 10))]
SummaryLength = Annotated[int, Strict(), AfterValidator(_between(100, 1_000))]
Burst = Annotated[int, Strict(), AfterValidator(_between(1, 50))]
Count = Annotated[int, Strict(), AfterValidator(_between(1, 1_000_000))]
UserId = Annotated[int, Strict(), AfterValidator(_user_id)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Interval = Annotated[Duration, AfterValidator(_interval)]
UserAgent = Annotated[str, AfterValidator(http_values.user_agent)]
Headers = Annotated[tuple[tuple[str, SecretStr], ...], BeforeValidator(http_values.headers)]
SecretText = Annotated[SecretStr | None, BeforeValidator(http_values.secret)]
Switch = Annotated[bool, Strict()]
Colour = Annotated[int | None, BeforeValidator(_colour)]
Icon = Annotated[str, AfterValidator(_icon)]
Size = Annotated[int, BeforeValidator(_size)]
Name = Annotated[str, AfterValidator(_name)]
DeskName = Annotated[str, AfterValidator(_desk_name)]
About = Annotated[str, AfterValidator(_about)]
SourceId = Annotated[str, AfterValidator(_source_id)]
Language = Annotated[str, AfterValidator(_language)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Address = Annotated[str, AfterValidator(addresses.address)]
FeedAddress = Annotated[str, AfterValidator(addresses.feed_address)]
BaseAddress = Annotated[str, AfterValidator(addresses.base_address)]
OptionalAddress = Annotated[str, AfterValidator(addresses.optional_address)]
OptionalBaseAddress = Annotated[str, AfterValidator(addresses.optional_base_address)]
WebhookAddress = Annotated[str, AfterValidator(addresses.webhook_address)]
Contact = Annotated[str, AfterValidator(addresses.contact)]
Host = Annotated[str, AfterValidator(addresses.host)]
OptionalListen = Annotated[str, AfterValidator(addresses.optional_place_to_listen)]
Listen = Annotated[str, AfterValidator(addresses.place_to_listen)]
GuildId = Annotated[int, Strict(), AfterValidator(_guild_id)]
FilePath = Annotated[Path, AfterValidator(file_path)]
OptionalFilePath = Annotated[FilePath | None, BeforeValidator(_empty_is_none)]
Patterns = Annotated[tuple[str, ...], BeforeValidator(_one_or_more), AfterValidator(_patterns)]
ModelName = Annotated[str, AfterValidator(_model_name)]
Prefix = Annotated[str, AfterValidator(_prefix)]
Query = Annotated[str, AfterValidator(_query)]
Link = Annotated[str, AfterValidator(_link)]

# What the program fills in after reading. The rules run only for what a file sets, so they refuse.
Token = Annotated[SecretStr | None, BeforeValidator(_no_token)]
SecretFiles = Annotated[tuple[Path, ...], BeforeValidator(_not_a_setting)]
ConfigFile = Annotated[Path | None, BeforeValidator(_not_a_setting)]
