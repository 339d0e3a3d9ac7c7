"""Lists of feeds (OPML) in the chat: `/source export` and `/source import`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from scripted_sources import CONFIGURED, SourcesDesk, feed, sources_desk_over
from stories import MODERATOR

from bot.chat.attachments import Attachment, AttachmentError
from bot.chat.source_edits import SourcePolicy
from bot.config.opml import MAX_OPML, Feed, read_opml, write_opml
from bot.errors import StoreError
from bot.reply import Reply

NEW = (
    Feed("Harbour", "https://harbour.example/feed", ("Ports", "Trade")),
    Feed("海運ニュース", "https://海運.example/rss?a=1&b=2"),
    Feed("", "https://nameless.example/"),
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[SourcesDesk]:
    async with sources_desk_over(tmp_path / "store.db") as one:
        yield one


def attached(content: bytes, name: str = "feeds.opml", size: int = 0) -> Attachment:
    async def read() -> bytes:
        return content

    return Attachment(name, size or len(content), read)


def said(reply: Reply) -> str:
    return "\n".join((reply.title, *reply.text))


async def imports(desk: SourcesDesk, *feeds: Feed) -> Reply:
    return await desk.ask("/source import", attachment=attached(write_opml("x", feeds)))


async def test_all_sources_with_an_address_are_exported(desk: SourcesDesk) -> None:
    await desk.adds(feed("https://harbour.example/feed", "The <Harbour> & “Sea”"))
    reply = await desk.ask("/source export")
    assert reply.document
    assert reply.document.name.endswith(".opml")
    assert read_opml(reply.document.content) == [
        Feed("The <Harbour> & “Sea”", "https://harbour.example/feed"),
        Feed("Other News", "https://other.example/feed", ("World",)),
    ]
    assert said(reply).strip() == "2 sources, for a feed reader or another Dateline."


async def test_no_password_leaves_with_a_list(desk: SourcesDesk) -> None:
    wire, other = CONFIGURED
    secret = replace(other, url="https://ada:secret@other.example/feed")
    desk.roster.configured = (wire, secret)
    reply = await desk.ask("/source export")
    assert reply.document
    assert b"secret" not in reply.document.content
    assert b"https://other.example/feed" in reply.document.content
    assert "passwords in addresses are left out" in said(reply)


async def test_a_list_is_shown_before_it_is_added(desk: SourcesDesk) -> None:
    preview = await imports(
        desk,
        *NEW,
        Feed("Other, again", "http://www.other.example/feed/"),
        Feed("With a password", "https://ada:secret@x.example/"),
        Feed("No address", "ftp://x.example"),
        Feed("Nothing", ""),
    )
    assert preview.title == "Add 3 sources?"
    assert preview.text[0] == "3 new, 1 known already, 3 cannot be used."
    assert "secret" not in str(preview)
    names = [one.name for one in preview.entries]
    assert set(names[:3]) == {"Harbour", "海運ニュース", "nameless-example"}
    assert preview.entries[3].heading == "Cannot be used"
    assert set(names[3:]) == {"No address", "Nothing", "With a password"}
    assert not desk.roster.added

    done = await desk.press(preview, "Add them")
    assert said(done).strip().startswith("3 sources were added.")
    added = {one.url: one for one in desk.roster.added}
    assert added.keys() == {one.url for one in NEW}
    assert added[NEW[0].url].topics == ("Ports", "Trade")
    again = await imports(desk, *NEW)
    assert not again.ok
    assert "nothing new" in said(again)
    (entry,) = await desk.desk.store.audit.entries(None, 9)
    assert entry.change == "Added from a list: {target}"
    assert set(entry.target.split(", ")) == {"Harbour", "海運ニュース", "nameless-example"}


async def test_an_export_is_an_import(desk: SourcesDesk, tmp_path: Path) -> None:
    await desk.press(await imports(desk, *NEW), "Add them")
    exported = (await desk.ask("/source export")).document
    assert exported
    async with sources_desk_over(tmp_path / "another.db") as other:
        other.roster.configured = ()
        preview = await other.ask("/source import", attachment=attached(exported.content))
        await other.press(preview, "Add them")
        urls = {one.url for one in other.roster.added}
        assert urls == {one.url for one in NEW} | {"https://other.example/feed"}


async def test_cancelling_and_what_cannot_be_written_add_nothing(desk: SourcesDesk) -> None:
    preview = await imports(desk, *NEW)
    assert (await desk.press(preview, "Cancel")).is_done
    desk.roster.refuses = StoreError("the disk is full")
    with pytest.raises(StoreError):
        await desk.press(preview, "Add them")
    assert (await desk.editor.store.edits()).added == ()


HOSTILE = {
    "nothing": b"",
    "not XML": b"feeds, please",
    "a page": b"<!DOCTYPE html><html><body>no list</body></html>",
    "a feed": b'<rss version="2.0"><channel><title>x</title></channel></rss>',
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "cut off": write_opml("x", NEW)[:150],
    "nested": b"<opml>" + b"<outline text='x'>" * 100,
    "an odd encoding": b'<?xml version="1.0" encoding="base64"?><opml/>',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
async def test_what_is_no_list_is_refused_in_words(desk: SourcesDesk, content: bytes) -> None:
    refused = await desk.ask("/source import", attachment=attached(content))
    assert not refused.ok
    assert said(refused).strip().startswith("That file cannot be used: ")
    assert refused.buttons == ()


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;',
        '<!ATTLIST outline xmlUrl CDATA "https://evil.example/feed">',
    ],
)
async def test_what_a_list_declares_has_no_effect(desk: SourcesDesk, declared: str) -> None:
    body = '<outline type="rss" text="&a;&b;" xmlUrl="https://a.example/feed"/><outline text="x"/>'
    content = f"<!DOCTYPE opml [{declared}]><opml><body>{body}</body></opml>".encode()
    preview = await desk.ask("/source import", attachment=attached(content))
    assert "aaaaaaaaaa" not in str(preview)
    assert "root:" not in str(preview)
    assert "evil.example" not in str(preview)


async def test_a_file_that_is_too_large_is_not_fetched(desk: SourcesDesk) -> None:
    async def read() -> bytes:
        raise AssertionError("it was fetched")

    refused = await desk.ask("/source import", attachment=Attachment("x.opml", MAX_OPML + 1, read))
    assert "too large" in said(refused)
    lies = attached(b" " * (MAX_OPML + 1), size=10)
    assert "larger than" in said(await desk.ask("/source import", attachment=lies))


async def test_a_file_that_cannot_be_fetched_or_is_missing_is_told(desk: SourcesDesk) -> None:
    async def read() -> bytes:
        raise AttachmentError("the platform does not answer")

    refused = await desk.ask("/source import", attachment=Attachment("x.opml", 9, read))
    assert said(refused).strip() == "The file could not be fetched: the platform does not answer"
    assert "Attach a list of feeds" in said(await desk.ask("/source import"))


async def test_whoever_may_not_import_has_nothing_fetched(desk: SourcesDesk) -> None:
    async def read() -> bytes:
        raise AssertionError("it was fetched")

    refused = await desk.ask("/source import", MODERATOR, Attachment("x.opml", 9, read))
    assert "Only operators" in said(refused)


async def test_a_list_has_room_or_is_refused_as_a_whole(desk: SourcesDesk) -> None:
    desk.editor.policy = SourcePolicy(most=2)
    refused = await imports(desk, *NEW)
    assert "No more than 2 sources" in said(refused)
    desk.editor.policy = SourcePolicy(most=3)
    preview = await imports(desk, *NEW)
    await desk.adds(feed("https://meanwhile.example/feed", "Meanwhile"))
    assert not (await desk.press(preview, "Add them")).ok
    assert len(desk.roster.added) == 1


async def test_a_long_list_is_shown_in_part_and_added_whole(desk: SourcesDesk) -> None:
    many = [Feed(f"Feed {n}", f"https://f{n}.example/feed") for n in range(80)]
    preview = await imports(desk, *many)
    assert len(preview.entries) == 16
    assert preview.entries[-1].name == "and 65 more"
    await desk.press(preview, "Add them")
    assert len(desk.roster.added) == 80


async def test_private_hosts_of_the_file_are_for_operators_in_a_list_too(
    desk: SourcesDesk,
) -> None:
    hosts = frozenset({"10.1.2.3"})
    desk.editor.policy = SourcePolicy(moderators=True, private_hosts=hosts)
    content = attached(write_opml("x", [Feed("At home", "http://10.1.2.3/feed"), *NEW]))
    theirs = await desk.ask("/source import", MODERATOR, content)
    assert theirs.title == "Add 3 sources?"
    mine = await desk.ask("/source import", attachment=content)
    assert mine.title == "Add 4 sources?"
    forged = await desk.press(mine, "Add them", MODERATOR)
    assert forged.ok
    assert "http://10.1.2.3/feed" not in {one.url for one in desk.roster.added}


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/feed", "http://127.1/feed", "http://[fd00::1]/", "http://nas/"]
)
async def test_a_private_host_of_a_list_is_refused_in_words(desk: SourcesDesk, url: str) -> None:
    preview = await imports(desk, Feed("At home", url), *NEW)
    (refused,) = [one for one in preview.entries if one.name == "At home"]
    assert "the operator can allow it by allow_hosts" in refused.text
    await desk.press(preview, "Add them")
    assert url not in {one.url for one in desk.roster.added}
    assert len(desk.roster.added) == len(NEW)
