"""The first configuration, made from the answers to four questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config.feeds import compare_feeds, source_block, toml_text
from bot.config.opml import Feed
from bot.errors import ConfigError

_TELEGRAM = re.compile(r"\d{5,}:[\w-]{30,}")  # as @BotFather gives it
_DISCORD = re.compile(r"[\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}")  # three parts, in base64
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to the questions.

    Attributes:
        name: What the desk is called; empty for nothing.
        sources: Addresses of feeds, and paths of archives.
        timezone: The time zone.
        token: The token of a bot; empty for none.
    """

    name: str = ""
    sources: tuple[str, ...] = ()
    timezone: str = "UTC"
    token: str = ""


def is_address(source: str) -> bool:
    """Tells an address of a feed from the path of an archive."""
    return source.startswith(_WEB)


def platform_of(token: str) -> str:
    """Returns the platform that a token is of, by its form: `telegram`, `discord`, or none."""
    if _TELEGRAM.fullmatch(token):
        return "telegram"
    return "discord" if _DISCORD.fullmatch(token) else ""


def first_config(answers: Answers, token_file: str) -> str:
    """Returns the text of a configuration.

    Args:
        answers: What was answered.
        token_file: The name of the file that the token is put into, where there is one.

    Raises:
        ConfigError: An address is none, or a token is of no platform that is known.
    """
    return "\n".join(_blocks(answers, token_file))


def _blocks(answers: Answers, token_file: str) -> Iterator[str]:
    yield "# Made by `dateline init`; `dateline init --example all.toml` writes every setting.\n"
    yield f"[bot]\ntimezone = {toml_text(answers.timezone)}\n"
    if answers.name:
        yield f"[desk]\nname = {toml_text(answers.name)}\n"
    yield from _feeds([one for one in answers.sources if is_address(one)])
    paths = [one for one in answers.sources if not is_address(one)]
    for number, path in enumerate(paths, 1):
        source_id = "archive" if number == 1 else f"archive-{number}"
        yield (
            f'[[sources]]\nid = "{source_id}"\nkind = "archive"\n'
            f"path = {toml_text(str(Path(path).expanduser().absolute()))}\n"
        )
    if answers.token:
        platform = platform_of(answers.token)
        if not platform:
            raise ConfigError("the token is neither one of Telegram's nor one of Discord's")
        yield f"[{platform}]\ntoken_file = {toml_text(token_file)}\n"


def _feeds(urls: Sequence[str]) -> Iterator[str]:
    found = compare_feeds([Feed("", url, ()) for url in urls], ())
    if found.unusable:
        feed, reason = found.unusable[0]
        raise ConfigError(f"{feed.url}: {reason}")
    yield from map(source_block, found.sources)
