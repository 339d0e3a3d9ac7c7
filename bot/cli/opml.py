"""`dateline import` and `dateline export`: feeds from and for feed readers."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click

from bot.app import load_config
from bot.cli.exchange import (
    import_lines,
    is_json_lines,
    tell_import,
    write_sources,
    write_stories,
    write_subscriptions,
)
from bot.config import opml
from bot.config.feeds import Additions, compare_feeds, source_block
from bot.config.load import config_path, read_config
from bot.config.permissions import is_readable_by_others, warning
from bot.config.problems import ConfigMistakes
from bot.config.replacing import replace_file
from bot.config.schema import Config, SourceConfig
from bot.errors import ConfigError, NotOpmlError
from bot.text.display import add_quotes, shorten
from bot.text.urls import credentials_in, hide_credentials, without_credentials

_START = 4_096  # bytes, by which a file is known

UNUSABLE = 5
"""The exit code when some of the feeds could not be used."""


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--dry-run", is_flag=True, help="Print what would be added without changing anything."
)
@click.pass_context
def import_feeds(ctx: click.Context, file: BinaryIO, *, dry_run: bool) -> None:
    """Add the feeds of an OPML FILE to the end of the configuration, or an export to the store.

    OPML is what feed readers export. Feeds you already have are skipped, folders become topics, and
    the rest of the configuration stays as it is. Without a configuration, one is created.

    Lines of JSON are what `dateline export stories`, `subscriptions` and `sources` write. What the
    store has already is skipped, and nothing is posted.

    `-` reads standard input.
    """
    start = file.read(_START)
    if is_json_lines(start):
        if dry_run:
            raise click.UsageError("--dry-run is for feeds")
        report = asyncio.run(import_lines(load_config(ctx.obj, os.environ), file, start))
        tell_import(report)
        ctx.exit(UNUSABLE if report.unusable else 0)
    feeds = _feeds(file, start)
    path, _ = config_path(ctx.obj, os.environ, Path())
    found = _add(path, feeds, dry_run=dry_run)
    _tell(path, found, dry_run=dry_run)
    has_passwords = any(credentials_in(source.url) for source in found.sources)
    if has_passwords and not dry_run and is_readable_by_others(path):
        click.echo(warning(path, "the password of a feed"), err=True)
    ctx.exit(UNUSABLE if found.unusable else 0)


@click.command("export")
@click.argument(
    "what", type=click.Choice(["feeds", "stories", "subscriptions", "sources"]), default="feeds"
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to FILE instead of standard output.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.option("--passwords", is_flag=True, help="Write the users and passwords of feeds, too.")
@click.pass_context
def export_feeds(
    ctx: click.Context, what: str, output: Path | None, *, force: bool, passwords: bool
) -> None:
    """Print the configuration's feeds as OPML, for a feed reader or another Dateline.

    With `stories`, `subscriptions` or `sources`, print those of the store as lines of JSON, for
    another Dateline (`dateline import`) or another program; works while Dateline runs or not. The
    sources are those that were added in chats; `/source export` gives all of them as OPML.

    Sources that are read from files have no address and are left out, as are pages without a feed,
    which other readers cannot read; and so are the users and passwords in addresses, since such
    lists are often shared.
    """
    if what != "feeds":
        _export_lines(load_config(ctx.obj, os.environ), what, output, force=force)
        return
    configured = load_config(ctx.obj, os.environ).sources
    sources = [source for source in configured if source.url and source.kind == "feed"]
    left_out = 0 if passwords else sum(bool(credentials_in(source.url)) for source in sources)
    listed = [_listed(source, passwords=passwords) for source in sources]
    data = opml.write_opml("Dateline", listed)
    if output is None:
        click.echo(data, nl=False)
    else:
        _write(output, data, force=force)
        click.echo(f"{output}: {_count(len(listed))} written")
    if left_out:
        click.echo(f"{_count(left_out)} without user and password; see --passwords", err=True)


def _export_lines(config: Config, what: str, output: Path | None, *, force: bool) -> None:
    """Writes stories, subscriptions or sources; a file appears whole or not at all."""
    write = {
        "stories": write_stories,
        "subscriptions": write_subscriptions,
        "sources": write_sources,
    }[what]
    if output is None:
        asyncio.run(write(config, sys.stdout.buffer))
        return
    if os.path.lexists(output) and not force:
        raise _exists(output)
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, delete=False) as beside:
            try:
                count = asyncio.run(write(config, beside.file))
            except BaseException:
                Path(beside.name).unlink()
                raise
        Path(beside.name).replace(output)
    except OSError as error:
        raise click.BadParameter(f"{output}: {error.strerror}", param_hint="-o") from None
    click.echo(f"{output}: {count} {what} written")


def _exists(output: Path) -> click.BadParameter:
    return click.BadParameter(
        f"{output} exists already, and was not changed; --force replaces it", param_hint="-o"
    )


def _write(output: Path, data: bytes, *, force: bool) -> None:
    try:
        if output.exists() and not output.is_file():  # a terminal, a pipe
            output.write_bytes(data)
        elif force or not os.path.lexists(output):
            replace_file(output, data)
        else:
            raise _exists(output)
    except OSError as error:
        raise click.BadParameter(f"{output}: {error.strerror}", param_hint="-o") from None


def _listed(source: SourceConfig, *, passwords: bool) -> opml.Feed:
    url = source.url if passwords else without_credentials(source.url)
    return opml.Feed(source.name or source.id, url, source.topics)


def _feeds(file: BinaryIO, start: bytes) -> list[opml.Feed]:
    try:
        return opml.read_opml(start + file.read(opml.MAX_OPML + 1))
    except NotOpmlError as error:
        raise NotOpmlError(f"{file.name}: {error}") from None


def _add(path: Path, feeds: Sequence[opml.Feed], *, dry_run: bool) -> Additions:
    """Adds the new feeds to the file; in a dry run only checks that they can be added."""
    config = load_config(path, os.environ) if os.path.lexists(path) else Config()
    found = compare_feeds(feeds, config.sources)
    if not found.sources:
        return found
    try:
        old = _bytes(path)
        (_try if dry_run else _put)(path, old, _with(old, found.sources))
    except OSError as error:
        raise ConfigError(f"{path}: could not be written: {error.strerror}") from None
    return found


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if os.path.lexists(path) else b""


def _with(old: bytes, sources: Sequence[SourceConfig]) -> bytes:
    """Appends sources to a configuration, whose own lines stay as they are."""
    blocks = "\n".join(map(source_block, sources)).encode()
    if old:
        blocks = (b"\n" if old.endswith(b"\n") else b"\n\n") + blocks
    return old + (blocks.replace(b"\n", b"\r\n") if b"\r\n" in old else blocks)


def _put(path: Path, old: bytes, new: bytes) -> None:
    def check(beside: Path) -> None:
        _check(path, beside)
        if _bytes(path) != old:
            raise ConfigError(f"{path}: it was changed just now by someone else; try again")

    replace_file(path, new, check)


def _try(path: Path, _old: bytes, new: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        elsewhere = Path(folder) / "config.toml"
        elsewhere.write_bytes(new)
        _check(path, elsewhere)


def _check(path: Path, candidate: Path) -> None:
    """Validates a candidate for the file at `path`.

    Raises:
        ConfigError: It cannot be used there.
    """
    try:
        read_config(candidate, os.environ, folder=path.parent)
    except ConfigMistakes as error:
        reason = error.problems[0].message
        raise ConfigError(
            f"{path}: nothing was added, because the result could not be read: {reason}"
        ) from None


def _tell(path: Path, found: Additions, *, dry_run: bool) -> None:
    """Prints what was added; in a dry run the blocks are the output, and this goes beside it."""
    if dry_run and found.sources:
        shown = (replace(each, url=hide_credentials(each.url)) for each in found.sources)
        click.echo("\n".join(map(source_block, shown)).encode(), nl=False)  # TOML is UTF-8
    added = f"{_count(len(found.sources))} {'would be added' if dry_run else 'added'}"
    parts = [added, f"{found.known} already known"]
    if found.unusable:
        parts.append(f"{len(found.unusable)} could not be used:")
    click.echo(f"{path}: {', '.join(parts)}", err=dry_run)
    for feed, reason in found.unusable:
        address = shorten(hide_credentials(feed.url))
        named = ", ".join((add_quotes(feed.title or "untitled"), *filter(None, [address])))
        click.echo(f"  line {feed.line}: {named}: {reason}", err=dry_run)


def _count(feeds: int) -> str:
    return "1 feed" if feeds == 1 else f"{feeds} feeds"
