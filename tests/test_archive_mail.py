"""Mailboxes of mailing lists: messages that begin a thread are stories, replies are left out."""

from __future__ import annotations

import quopri
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from archives import fetch
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sources.archive.missing_dates import DateFrom
from bot.ingest.results import FetchResult
from bot.model import Story

FROM = "From ann@example.org Tue Mar  5 10:00:00 2024\n"


def message(subject: str = "Foo 1.0", body: str = "It is out.", **fields: str) -> str:
    """A message as it stands in a mailbox."""
    head = {
        "From": "Ann Lee <ann@example.org>",
        "Date": "Tue, 5 Mar 2024 10:00:00 +0100",
        "Subject": subject,
        "Message-ID": f"<{abs(hash((subject, body)))}@example.org>",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = "".join(f"{name}: {value}\n" for name, value in head.items() if value)
    return f"{FROM}{lines}\n{body}\n\n"


async def read(folder: Path, text: str | bytes) -> FetchResult:
    file = folder / "list.mbox"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return await fetch(file)


async def one(folder: Path, text: str | bytes) -> Story:
    fetched = await read(folder, text)
    assert fetched.unreadable == ()
    [story] = fetched.stories
    return story


def texts(story: Story) -> list[str]:
    return [part.text for part in story.paragraphs]


async def test_a_message_is_whole(tmp_path: Path) -> None:
    story = await one(
        tmp_path,
        message(
            "[foo-announce] =?utf-8?q?Caf=C3=A9?= 1.0\n =?utf-8?q?_is_out?=",
            "Hello,\n\nit is\nout.",
            Message_ID="<42@example.org>",
            List_Id="Foo news <foo-announce.example.org>",
            Archived_At="<https://lists.example.org/m/42>",
        ),
    )
    assert (story.title, story.byline, story.key) == (
        "Café 1.0 is out",
        "Ann Lee",
        "42@example.org",
    )
    assert (story.published, story.date_only) == (datetime(2024, 3, 5, 9, tzinfo=UTC), False)
    assert story.url == "https://lists.example.org/m/42"
    assert texts(story) == ["Hello,", "it is out."]


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("[Foo] Version 1", "Version 1"),
        ("[foo] [SECURITY] Version 1", "[SECURITY] Version 1"),
        ("[PATCH 1/3] Mend it", "[PATCH 1/3] Mend it"),
        ("[Foo]", "[Foo]"),
        ("", "(no subject)"),
    ],
)
async def test_the_name_of_the_list_is_no_part_of_a_title(
    tmp_path: Path, subject: str, title: str
) -> None:
    assert (await one(tmp_path, message(subject, List_Id="<foo.example.org>"))).title == title


async def test_a_name_before_most_subjects_is_that_of_the_list(tmp_path: Path) -> None:
    box = "".join(message(f"[town-news] Story {n}", f"Text {n}.") for n in range(4))
    fetched = await read(tmp_path, box + message("[URGENT] Storm") + message("Re: [town-news] x"))
    assert sorted(story.title for story in fetched.stories) == [
        *(f"Story {n}" for n in range(4)),
        "[URGENT] Storm",
    ]


@pytest.mark.parametrize(
    "subject",
    [
        *("Re: Foo 1.0", "RE: Foo 1.0", "Re[2]: Foo 1.0", "AW: Foo 1.0", "[foo] Re: Foo 1.0"),
        *("Re: [foo] Foo 1.0", "Sv: Foo 1.0", "回复：Foo 1.0", "=?utf-8?q?Re=3A_Foo?="),
    ],
)
async def test_replies_are_left_out_and_counted(tmp_path: Path, subject: str) -> None:
    reply = message(subject, "Thanks!", List_Id="<foo.example.org>", In_Reply_To="<1@example.org>")
    fetched = await read(tmp_path, message() + reply)
    assert [story.title for story in fetched.stories] == ["Foo 1.0"]
    assert (fetched.unreadable, fetched.set_aside) == ((), (("reply", 1),))


@pytest.mark.parametrize(
    ("subject", "stories"), [("Foo 1.0", ["Foo 1.0"]), ("Bar 2.0", ["Foo 1.0", "Bar 2.0"])]
)
async def test_a_message_that_refers_to_another_is_a_reply_unless_its_subject_is_new(
    tmp_path: Path, subject: str, stories: list[str]
) -> None:
    fetched = await read(tmp_path, message() + message(subject, "Also.", References="<1@x>"))
    assert sorted(story.title for story in fetched.stories) == sorted(stories)


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("One\ngoes on.\n\nTwo.", ["One goes on.", "Two."]),
        ("One.\n\n-- \nAnn\nphone", ["One."]),
        ("One.\n--\nAnn", ["One."]),
        ("> Old.\n> More.\n\nOne.", ["One."]),
        ("On Mon, 4 Mar 2024, Bo wrote:\n\n> Old.\n\nOne.", ["One."]),
        ("Am 4. März 2024 um 10:00 schrieb\nBo Ek <bo@example.org>:\n> Old.\n\nOne.", ["One."]),
        ("They said this:\n\n> Old.\n\nOne.", ["They said this:", "One."]),
        ("One.\n\n" + "_" * 47 + "\nfoo mailing list\nfoo@example.org", ["One."]),
        (">From now on it is open.", ["From now on it is open."]),
        ("From here it goes on.", ["From here it goes on."]),
        ("News.\n\nFrom Tokyo\n\nIt began.", ["News.", "From Tokyo", "It began."]),
        (
            "News:\n\n* one\n  goes on\n* two\n- three\n1. four",
            ["News:", "* one goes on", "* two", "- three", "1. four"],
        ),
        ("One.\n\n-----Original Message-----\nFrom: x\n\nOld.", ["One."]),
        ("One.\r\n\r\nTwo.\r\n", ["One.", "Two."]),
        ("*****\n\nOne.", ["One."]),
    ],
)
async def test_a_text_is_what_the_message_itself_says(
    tmp_path: Path, body: str, paragraphs: list[str]
) -> None:
    assert texts(await one(tmp_path, message(body=body))) == paragraphs


FLOWED = "This goes \non and \non.\n\n Stuffed.\n> quoted \n> text\nEnd.\n-- \nAnn"
HTML = "<p>One <b>café</b>.</p><p>Two.</p>"


@pytest.mark.parametrize(
    ("kind", "encoding", "body", "paragraphs"),
    [
        ("text/plain; charset=utf-8", "8bit", "Café.", ["Café."]),
        (
            "text/plain; charset=iso-8859-1",
            "quoted-printable",
            "Café =\nau lait.",
            ["Café au lait."],
        ),
        ("text/plain; charset=utf-8", "base64", "Café.\n\nTwo.", ["Café.", "Two."]),
        ("text/plain; charset=koi8-r", "8bit", "Восемь.", ["Восемь."]),
        ("text/plain; charset=no-such", "8bit", "Plain.", ["Plain."]),
        ("text/plain; format=flowed", "7bit", FLOWED, ["This goes on and on.", "Stuffed.", "End."]),
        ("text/plain; format=flowed; delsp=yes", "7bit", "Zusam \nmen.", ["Zusammen."]),
        ("text/html; charset=utf-8", "8bit", HTML, ["One café.", "Two."]),
    ],
)
async def test_bodies_are_decoded(
    tmp_path: Path, kind: str, encoding: str, body: str, paragraphs: list[str]
) -> None:
    charset = {"no-such": "ascii"}.get(kind.partition("charset=")[2], kind.partition("charset=")[2])
    data = body.encode(charset or "ascii")
    if encoding == "base64":
        data = b64encode(data)
    if encoding == "quoted-printable":
        data = quopri.encodestring(data).replace(b"=3D\n", b"=\n")
    head = message("X", "").partition("\n\n")[0]
    mail = f"{head}\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
    assert texts(await one(tmp_path, mail.encode() + data + b"\n\n")) == paragraphs


async def test_of_several_parts_the_text_is_read(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "ann@example.org", "Parts", "<1@x>"
    mail["Date"] = "Tue, 5 Mar 2024 10:00:00 +0100"
    mail.set_content("Plain café.\n")
    mail.add_alternative(HTML, subtype="html")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    mail.add_attachment("Notes.", filename="notes.txt")
    story = await one(tmp_path, FROM.encode() + mail.as_bytes() + b"\n")
    assert (texts(story), story.byline) == (["Plain café."], "")


@pytest.mark.parametrize(
    ("sender", "byline"),
    [
        ("Ann Lee <ann@example.org>", "Ann Lee"),
        ('"Lee, Ann" <ann@example.org>', "Lee, Ann"),
        ("ann at example.org (Ann Lee)", "Ann Lee"),
        ("=?iso-8859-1?q?Andr=E9?= <a@example.org>", "André"),
        ("ann@example.org", ""),
        ("", ""),
    ],
)
async def test_a_name_is_shown_and_an_address_never(
    tmp_path: Path, sender: str, byline: str
) -> None:
    assert (await one(tmp_path, message(From=sender))).byline == byline


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("5 Mar 2024 10:00 +0000", datetime(2024, 3, 5, 10, tzinfo=UTC)),
        ("Tue, 05 Mar 2024 10:00:00 -0500 (EST)", datetime(2024, 3, 5, 15, tzinfo=UTC)),
        ("Tue, 30 Feb 2024 10:00:00 +0000", datetime(2024, 3, 5, 10, tzinfo=UTC)),
        ("yesterday", datetime(2024, 3, 5, 10, tzinfo=UTC)),
        ("", datetime(2024, 3, 5, 10, tzinfo=UTC)),
    ],
)
async def test_a_message_without_a_date_has_that_of_its_arrival(
    tmp_path: Path, date: str, published: datetime
) -> None:
    assert (await one(tmp_path, message(Date=date))).published == published


async def test_a_message_without_any_date_is_told(tmp_path: Path) -> None:
    box = message() + message("Other", Date="Tue, 30 Feb 2024 10:00:00").replace(
        FROM, "From x@example.org\n"
    )
    fetched = await read(tmp_path, box)
    assert [str(each).partition("mbox")[2] for each in fetched.unreadable] == [
        ':9: the message "Other" has no date that can be read'
    ]
    source = await fetch(tmp_path / "list.mbox")
    assert len(source.stories) == 1
    assert DateFrom("none") is DateFrom.NOWHERE


async def test_the_archive_of_a_list_leads_to_each_message_by_an_address_of_its_own(
    tmp_path: Path,
) -> None:
    archive = "<https://lists.example.org/foo/>"
    box = message("One", Message_ID="<1@x>", List_Archive=archive)
    box += message("Two", Message_ID="<2/ä@x>", List_Archive=archive)
    assert {story.url for story in (await read(tmp_path, box)).stories} == {
        "https://lists.example.org/foo/#1@x",
        "https://lists.example.org/foo/#2%2F%C3%A4@x",
    }


async def test_a_message_with_nothing_of_its_own_is_told_with_its_line(tmp_path: Path) -> None:
    fetched = await read(tmp_path, message() + message("Empty", "> Old.\n\n-- \nAnn"))
    [problem] = fetched.unreadable
    assert (problem.line, problem.reason) == (9, 'there is no text in the message "Empty"')


@pytest.mark.slow
async def test_a_large_attachment_does_not_hide_the_next_message(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "ann@example.org", "Large", "<1@x>"
    mail["Date"] = "Tue, 5 Mar 2024 10:00:00 +0100"
    mail.set_content("The text.\n")
    mail.add_attachment(bytes(6_000_000), maintype="application", subtype="zip", filename="a.zip")
    fetched = await read(tmp_path, FROM.encode() + mail.as_bytes() + b"\n" + message().encode())
    assert {story.title: texts(story) for story in fetched.stories} == {
        "Large": ["The text."],
        "Foo 1.0": ["It is out."],
    }


async def test_a_mailbox_is_known_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "2024-March").write_text(message(), encoding="utf-8")
    assert len((await fetch(tmp_path)).stories) == 1


WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöüß東京", min_size=2, max_size=9)
LINES = st.lists(WORDS, min_size=1, max_size=30).map(lambda words: f"It {' '.join(words)}.")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder whose file each example writes anew."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=60, deadline=None)
@given(
    mails=st.lists(
        st.tuples(LINES, st.lists(LINES, min_size=1, max_size=4), st.integers(0, 4_000_000_000)),
        max_size=4,
        unique_by=lambda mail: mail[0],
    ),
    cte=st.sampled_from(["8bit", "quoted-printable", "base64"]),
    charset=st.sampled_from(["utf-8", "gb18030"]),
)
async def test_messages_are_read_back_as_they_were_written(
    folder: Path, mails: list[tuple[str, list[str], int]], cte: str, charset: str
) -> None:
    box = b""
    for number, (subject, paragraphs, sent) in enumerate(mails):
        mail = EmailMessage()
        mail["From"] = "Ann Lee <ann@example.org>"
        mail["Date"] = format_datetime(datetime.fromtimestamp(sent, UTC))
        mail["Message-ID"], mail["List-Id"] = f"<{number}@example.org>", "<news.example.org>"
        mail.set_content("\n\n".join(paragraphs) + "\n", cte=cte, charset=charset)
        title = Header(f"[news] {subject}", "utf-8").encode()  # `EmailMessage` drops spaces
        box += f"{FROM}Subject: {title}\n".encode() + mail.as_bytes() + b"\n"
    fetched = await read(folder, box)
    found = {story.key: story for story in fetched.stories}
    assert len(found) == len(mails)
    for number, (subject, paragraphs, sent) in enumerate(mails):
        story = found[f"{number}@example.org"]
        assert (story.title, texts(story)) == (subject, paragraphs)
        assert story.published == datetime.fromtimestamp(sent, UTC)


PIECES = st.sampled_from(
    [
        *(FROM.encode(), b"\n\n", b"\n", b"Subject: ", b"From: ", b"Date: ", b"=?utf-8?q?", b"?="),
        *(b"=?x?b?/w?=", b"Content-Type: multipart/mixed; boundary=b\n", b"--b\n", b"--b--\n"),
        *(b"Content-Type: text/plain; charset=utf-7; format=flowed\n", b"> ", b"-- \n", b"\xff"),
        *(b"Content-Transfer-Encoding: base64\n", b"List-Id: <", b"Re: ", b"[a] ", b"(", b"\0"),
        message().encode(),
    ]
)


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(PIECES | st.binary(max_size=9), max_size=30))
async def test_any_mailbox_is_read_or_told(folder: Path, parts: list[bytes]) -> None:
    fetched = await read(folder, FROM.encode() + b"X: y\n" + b"".join(parts))
    assert fetched.stories or fetched.unreadable or fetched.set_aside
    for each in fetched.unreadable:
        assert str(each).splitlines() == [str(each)]
    for story in fetched.stories:
        assert all(part.text.encode() for part in story.paragraphs)
