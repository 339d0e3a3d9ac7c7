"""`/reload config`: operators have the configuration read again, and see what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.chat.auditing import record_change
from bot.chat.progress import show_progress
from bot.chat.request import Request
from bot.config.changes import ConfigChanges
from bot.config.problems import ConfigMistakes
from bot.config.schema import SourceConfig
from bot.errors import ConfigError, NotAllowedError, ReaderError, StoreError
from bot.i18n import N_
from bot.reply import Entry, Reply
from bot.secrets import SECRETS

CONFIG = "config"
"""The word that stands in the place of a source to mean the configuration."""

_PROBLEMS_SHOWN = 10
_NAMES_SHOWN = 10


async def reload_config(request: Request) -> Reply:
    """Answers `/reload config`: what has changed, or why nothing has."""
    _ = request.gettext
    if not request.person.operator:
        raise NotAllowedError(_("Only operators can have the configuration read again."))
    running = request.services.configuration
    if running is None:
        raise ReaderError(_("This bot has no configuration that can be read again."))
    # Polls that write stories are waited for.
    show_progress(Reply(request.command.name, title=_("Reading the configuration …")))
    try:
        changes = await running.reload()
    except ConfigError as error:
        return _refusal(request, _problems(request, error))
    except StoreError as error:
        return _refusal(request, [str(error)])
    if not changes.is_empty:
        await record_change(request, N_("Took over the changed configuration"), everywhere=True)
    return _report(request, changes)


def _refusal(request: Request, reasons: Sequence[str]) -> Reply:
    title = request.gettext("The configuration stays as it was")
    shown = tuple(SECRETS.hide(reason) for reason in reasons)
    return Reply(request.command.name, title=title, text=shown, ok=False)


def _problems(request: Request, error: ConfigError) -> Sequence[str]:
    """Returns what is wrong, a line each, with the file's name alone: its folder is nobody's."""
    lines = str(error).splitlines()
    if isinstance(error, ConfigMistakes):
        named = (replace(one, file=Path(one.file).name) for one in error.problems)
        lines = [str(one) for one in named]
    left = len(lines) - _PROBLEMS_SHOWN
    if left <= 0:
        return lines
    more = request.ngettext("and {count} more", "and {count} more", left).format(count=left)
    return [*lines[:_PROBLEMS_SHOWN], more]


def _report(request: Request, changes: ConfigChanges) -> Reply:
    _ = request.gettext
    if changes.is_empty:
        title = _("Nothing has changed")
        told: tuple[str, ...] = (_("The file says what is in force already."),)
    else:
        title, told = _("The configuration was read again"), ()
    return Reply(
        request.command.name,
        title=title,
        notes=(*_restart_notes(request, changes), *map(SECRETS.hide, changes.warnings)),
        text=told,
        entries=(
            *_sources(request, changes),
            *_topics(request, changes),
            *_settings(request, changes),
        ),
    )


def _restart_notes(request: Request, changes: ConfigChanges) -> Iterator[str]:
    count = len(changes.restart)
    if count:
        message = request.ngettext(
            "{names} takes effect when the bot is started again.",
            "{names} take effect when the bot is started again.",
            count,
        )
        yield message.format(names=request.words.join(changes.restart))


def _sources(request: Request, changes: ConfigChanges) -> Iterator[Entry]:
    sources = changes.sources
    changed = [
        f"{request.source_name(id_)} ({request.words.join(settings)})"
        for id_, settings in sources.changed.items()
    ]
    yield from _lists(
        request,
        request.gettext("Sources"),
        (_names(sources.added), _names(sources.removed), changed),
    )


def _names(sources: Sequence[SourceConfig]) -> Sequence[str]:
    return [one.name or one.id for one in sources]


def _topics(request: Request, changes: ConfigChanges) -> Iterator[Entry]:
    topics = changes.topics
    lists = topics.added, topics.removed, topics.changed
    yield from _lists(request, request.gettext("Topics"), lists)


def _lists(request: Request, heading: str, lists: Sequence[Sequence[str]]) -> Iterator[Entry]:
    """Yields a line for each list that has something in it: what is new, removed and changed."""
    _ = request.gettext
    for label, names in zip((_("New"), _("Removed"), _("Changed")), lists, strict=True):
        if names:
            yield Entry(label, _short_list(request, names), heading=heading)
            heading = ""


def _short_list(request: Request, names: Sequence[str]) -> str:
    left = len(names) - _NAMES_SHOWN
    shown = request.words.join(names[:_NAMES_SHOWN])
    if left <= 0:
        return shown
    message = request.ngettext("{names} and {count} more", "{names} and {count} more", left)
    return message.format(names=shown, count=left)


def _settings(request: Request, changes: ConfigChanges) -> Iterator[Entry]:
    heading = request.gettext("Settings")
    for one in changes.settings:
        yield Entry(one.name, one.text, heading=heading)
        heading = ""
