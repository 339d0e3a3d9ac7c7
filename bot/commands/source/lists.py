"""`/source export` and `/source import`: lists of feeds (OPML), as files in the chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chat.attachments import AttachmentError
from bot.chat.auditing import record_change
from bot.chat.request import Request
from bot.chat.source_edits import SourceEditor
from bot.commands.source.actions import CONFIRM, LIST, NO, Verb, source_action
from bot.commands.source.adding import check_room
from bot.commands.source.rights import (
    check_rights,
    is_private_host,
    private_host_reason,
    stamp,
)
from bot.config.added_sources import SourceSettingError, new_source, read_source, settings_of
from bot.config.feeds import Additions, UnusableFeed, compare_feeds
from bot.config.opml import MAX_OPML, Feed, read_opml, write_opml
from bot.config.schema import SourceConfig
from bot.errors import NotOpmlError, ReaderError
from bot.i18n import N_
from bot.ingest.added_sources import AddedSource
from bot.reply import Button, Document, Entry, Reply
from bot.text.display import shorten
from bot.text.urls import credentials_in, without_credentials

_FILE_NAME = "sources.opml"
_TITLE = "Dateline"
_SHOWN = 15  # of the new, and of those that cannot be used
_NAMED = 5  # in the audit list
_MEGABYTE = 1024**2


async def export_sources(request: Request) -> Reply:
    """Gives all sources that have an address, as a file; users and passwords are left out."""
    editor = check_rights(request)
    listed = [one for one in editor.sources if one.url]
    feeds = [Feed(one.name or one.id, without_credentials(one.url), one.topics) for one in listed]
    told = request.ngettext(
        "{count} source, for a feed reader or another Dateline.",
        "{count} sources, for a feed reader or another Dateline.",
        len(feeds),
    )
    text = [told.format(count=len(feeds))]
    if any(credentials_in(one.url) for one in listed):
        text.append(request.gettext("Users and passwords in addresses are left out."))
    return Reply(
        request.command.name,
        text=tuple(text),
        document=Document(write_opml(_TITLE, feeds), _FILE_NAME),
    )


async def import_sources(request: Request) -> Reply:
    """Shows what a list would add, or adds it if that was confirmed."""
    _ = request.gettext
    editor = check_rights(request)
    if request.text(CONFIRM) == NO:
        return Reply(request.command.name, text=(_("Nothing was added."),), is_done=True)
    if request.text(LIST):
        return await _add(request, editor, _read(request, request.text(LIST).encode()))
    return _preview(request, editor, _read(request, await _attached(request)))


async def _attached(request: Request) -> bytes:
    """Returns what the attached file holds.

    Raises:
        ReaderError: There is none, it is too large, or it cannot be fetched.
    """
    _ = request.gettext
    given = request.attachment
    if given is None:
        raise ReaderError(
            _(
                "Attach a list of feeds (OPML), as feed readers export it: send the file with "
                "/source import below it, or reply to it with /source import."
            )
        )
    if given.size > MAX_OPML:
        told = _("That file is too large: a list of feeds has {size} MB at most.")
        raise ReaderError(told.format(size=MAX_OPML // _MEGABYTE))
    try:
        return await given.read()
    except AttachmentError as error:
        told = _("The file could not be fetched: {reason}")
        raise ReaderError(told.format(reason=error)) from None


def _read(request: Request, data: bytes) -> list[Feed]:
    try:
        return read_opml(data)
    except NotOpmlError as error:
        told = request.gettext("That file cannot be used: {reason}")
        raise ReaderError(told.format(reason=error)) from None


def _compare(request: Request, editor: SourceEditor, feeds: Sequence[Feed]) -> Additions:
    """Compares a list with the sources there are; what only the file may have cannot be used."""
    found = compare_feeds(feeds, editor.sources)
    usable: list[SourceConfig] = []
    refused: list[UnusableFeed] = []
    for one in found.sources:
        reason = _refusal(request, editor, one)
        feed = Feed(one.name, without_credentials(one.url))
        if reason:
            refused.append(UnusableFeed(feed, reason))
        else:
            usable.append(one)
    return Additions(tuple(usable), found.known, (*found.unusable, *refused))


def _refusal(request: Request, editor: SourceEditor, source: SourceConfig) -> str:
    """Returns why a source cannot be added in a chat; empty for one that can."""
    if not request.person.operator and is_private_host(source.url, editor.policy):
        return request.gettext("only operators can add a source on this host")
    if reason := private_host_reason(source.url, editor.policy):
        return reason
    try:
        read_source(source.id, settings_of(source))
    except SourceSettingError as error:
        return f"{error.setting}: {error}"
    return ""


def _preview(request: Request, editor: SourceEditor, feeds: Sequence[Feed]) -> Reply:
    _ = request.gettext
    found = _compare(request, editor, feeds)
    counts = request.words.join(_counts(request, found))
    if not found.sources:
        told = _("The list has nothing new.")
        text = request.words.join_sentences(told, request.words.end_sentence(counts))
        entries = tuple(_unusable_entries(request, found))
        return Reply(request.command.name, text=(text,), entries=entries, ok=False)
    check_room(request, editor, len(found.sources))
    wanted = [Feed(one.name, one.url, one.topics) for one in found.sources]
    compact = write_opml(_TITLE, wanted).decode()
    title = request.ngettext("Add {count} source?", "Add {count} sources?", len(found.sources))
    return Reply(
        request.command.name,
        title=title.format(count=len(found.sources)),
        text=(
            request.words.end_sentence(counts),
            _("They are checked at once then; what they have now is posted nowhere."),
        ),
        entries=(*_new_entries(request, found), *_unusable_entries(request, found)),
        buttons=(
            Button(_("Add them"), source_action(Verb.IMPORT, **{LIST: compact})),
            Button(_("Cancel"), source_action(Verb.IMPORT, **{CONFIRM: NO})),
        ),
    )


def _counts(request: Request, found: Additions) -> Iterator[str]:
    ngettext = request.ngettext
    new = len(found.sources)
    yield request.gettext("{count} new").format(count=new)
    if found.known:
        known = ngettext("{count} known already", "{count} known already", found.known)
        yield known.format(count=found.known)
    if found.unusable:
        count = len(found.unusable)
        bad = ngettext("{count} cannot be used", "{count} cannot be used", count)
        yield bad.format(count=count)


def _new_entries(request: Request, found: Additions) -> Iterator[Entry]:
    for one in found.sources[:_SHOWN]:
        yield Entry(one.name or one.id, shorten(" · ".join((one.url, *one.topics))))
    yield from _more(request, len(found.sources))


def _unusable_entries(request: Request, found: Additions) -> Iterator[Entry]:
    heading = request.gettext("Cannot be used")
    for feed, reason in found.unusable[:_SHOWN]:
        name = feed.title or shorten(without_credentials(feed.url)) or "?"
        yield Entry(name, reason, heading=heading)
        heading = ""
    yield from _more(request, len(found.unusable))


def _more(request: Request, count: int) -> Iterator[Entry]:
    left = count - _SHOWN
    if left > 0:
        more = request.ngettext("and {count} more", "and {count} more", left)
        yield Entry(more.format(count=left))


async def _add(request: Request, editor: SourceEditor, feeds: Sequence[Feed]) -> Reply:
    """Adds what is new of a list, all at once."""
    _ = request.gettext
    found = _compare(request, editor, feeds)
    if not found.sources:
        raise ReaderError(_("The list has nothing new."))
    check_room(request, editor, len(found.sources))
    added = await _made(request, editor, found.sources)
    await editor.put(added)
    names = [one.name for one in added]
    more = ["…"] if len(names) > _NAMED else []
    target = ", ".join([*names[:_NAMED], *more])
    await record_change(request, N_("Added from a list: {target}"), target, everywhere=True)
    told = request.ngettext(
        "{count} source was added. Its stories are being fetched; none is posted yet.",
        "{count} sources were added. Their stories are being fetched; none is posted yet.",
        len(added),
    )
    return Reply(request.command.name, text=(told.format(count=len(added)),), is_done=True)


async def _made(
    request: Request, editor: SourceEditor, some: Sequence[SourceConfig]
) -> Sequence[AddedSource]:
    """Makes added sources, each with an id of its own."""
    states = await request.services.store.sources.states(rates=False)
    edits = await editor.store.edits()
    taken = [one.id for one in editor.sources]
    made: list[AddedSource] = []
    for one in some:
        ids = [*taken, *(each.id for each in made)]
        made.append(new_source(settings_of(one), stamp(request), ids, states, edits.removed))
    return made
