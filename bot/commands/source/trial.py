"""`/source test`: what a source gives now, without keeping anything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

from babel.numbers import format_decimal

from bot.chat.progress import show_progress
from bot.chat.request import Request, cards
from bot.chat.source_edits import SourceEditor
from bot.commands.source.actions import Verb, source_action
from bot.commands.source.lookup import ask_which, details_button, find_source, name_of
from bot.commands.source.rights import check_pace, editor_of
from bot.config.schema import SourceConfig
from bot.errors import ConfigError, ReaderError, SourceError
from bot.ingest.set_aside import name_set_aside
from bot.ingest.source_trial import SourceTrial, try_source
from bot.model import Story
from bot.reply import Button, Card, Reply

_PATIENCE = 120.0  # seconds; a host that takes longer hangs
_PARTS_SHOWN = 5


async def test_source(request: Request, typed: str) -> Reply:
    """Fetches a source now, and tells what would be new, what is wrong, and how long it took."""
    _ = request.gettext
    editor = editor_of(request)
    if not typed:
        question = _("Which source do you want to test?")
        return ask_which(request, Verb.TEST, question, list(editor.sources))
    source = find_source(request, editor, typed)
    check_pace(request)
    name = name_of(request, source)
    found = await fetch_now(request, editor, source, name)
    return Reply(
        request.command.name,
        title=_("Test of {name}").format(name=name),
        text=(*_told(request, found), *_trouble(request, found)),
        cards=trial_cards(request, found.stories, name),
        buttons=(
            Button(_("Test again"), source_action(Verb.TEST, source.id)),
            details_button(request, source.id),
        ),
    )


async def fetch_now(
    request: Request, editor: SourceEditor, source: SourceConfig, name: str
) -> SourceTrial:
    """Fetches a source, which may be none yet; shows meanwhile that it does.

    Raises:
        ReaderError: It cannot be read; the message says why.
    """
    _ = request.gettext
    title = _("Checking {source} …").format(source=name)
    show_progress(Reply(request.command.name, title=title))
    services = request.services
    try:
        opened = await asyncio.to_thread(editor.roster.open, source)
        async with asyncio.timeout(_PATIENCE):
            return await try_source(opened, services.store, services.clock)
    except TimeoutError:
        told = _("{name} does not answer in time.")
        raise ReaderError(told.format(name=name)) from None
    except (SourceError, ConfigError) as error:
        told = _("{name} could not be read: {reason}")
        raise ReaderError(told.format(name=name, reason=error)) from None


def trial_cards(request: Request, stories: Sequence[Story], name: str) -> tuple[Card, ...]:
    """Makes cards of stories that are in no store: nothing of them can be read or numbered."""
    made = cards(request, stories, 1)
    return tuple(replace(one, number=None, source=name) for one in made)


def _told(request: Request, found: SourceTrial) -> Iterator[str]:
    _ = request.gettext
    language = request.services.translations.language
    seconds = format_decimal(found.seconds, "0.0", locale=language)
    read = request.ngettext(
        "Read {count} story in {seconds} s.", "Read {count} stories in {seconds} s.", found.total
    )
    told = [read.format(count=found.total, seconds=seconds)]
    counts = list(_counts(request, found)) or [_("Nothing would be new")]
    told.append(request.words.end_sentence(request.words.join(counts)))
    if found.is_first and found.new:
        told.append(_("Nothing of that would be posted, since it would be its first check."))
    yield request.words.join_sentences(*told)
    yield _("Nothing was kept.")


def _counts(request: Request, found: SourceTrial) -> Iterator[str]:
    if found.new:
        new = request.ngettext("{count} would be new", "{count} would be new", found.new)
        yield new.format(count=found.new)
    if found.changed:
        count = found.changed
        changed = request.ngettext("{count} would change", "{count} would change", count)
        yield changed.format(count=count)


def _trouble(request: Request, found: SourceTrial) -> Iterator[str]:
    _ = request.gettext
    for one in found.warnings[:_PARTS_SHOWN]:
        yield _("Warning: {reason}").format(reason=one.reason)
    for one in found.unreadable[:_PARTS_SHOWN]:
        yield _("Unreadable: {reason}").format(reason=one)
    left = len(found.unreadable) - _PARTS_SHOWN
    if left > 0:
        more = request.ngettext("and {count} more", "and {count} more", left)
        yield _("Unreadable: {reason}").format(reason=more.format(count=left))
    if aside := name_set_aside(found.set_aside, request.ngettext):
        yield _("Left out: {items}").format(items=aside)
