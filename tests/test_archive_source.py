"""An archive source on real files: what it makes of good ones, bad ones and changing ones."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

import pytest
from archives import SOURCE, archive_source, fetch, generated_archive

from adapters.sources.archive.file import read_file
from adapters.sources.archive.reader import ReadCancelledError, ReadOptions
from adapters.sources.archive.source import ArchiveSource
from bot.errors import SourceError
from bot.ingest.ports import NewsSource
from bot.ingest.results import FetchResult
from bot.model import Paragraph, Story, story_id

ADVICE = (
    "set this source's `encoding` (it is utf-8) or convert the file to UTF-8, "
    "for example with: iconv -f"
)


def text(title: str, day: str = "Nov. 29, 2023", body: str = "It began.") -> str:
    return f"{title}\n\nTOKYO, {day}—{body}\n\n###\n\n"


def write(archive: Path, content: str) -> None:
    archive.write_bytes(content.encode())


def titles(fetched: FetchResult) -> list[str]:
    return [story.title for story in fetched.stories]


def reports(fetched: FetchResult, folder: Path) -> list[str]:
    """What could not be read, the files named as within `folder`."""
    return [str(each).replace(f"{folder}/", "") for each in fetched.unreadable]


async def test_a_story_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", text("The  Title") + "MU.\n")
    source: NewsSource = archive_source(
        tmp_path / "*.txt", link="https://example.org/{date}/{slug}"
    )
    [story] = (await source.fetch()).stories
    assert source.source == SOURCE
    assert story == Story(
        id=story_id("test", "the title|2023-11-29"),
        source="test",
        key="the title|2023-11-29",
        title="The Title",
        published=datetime(2023, 11, 29, tzinfo=UTC),
        date_only=True,
        paragraphs=(Paragraph("It began."),),
        url="https://example.org/2023-11-29/the-title",
        place="TOKYO",
    )


async def test_without_a_link_a_story_has_none(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", text("One"))
    [story] = (await fetch(tmp_path / "a.txt")).stories
    assert story.url is None


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["Nov. 3, 2023", "Nov. 2, 2023", "Nov. 2, 2023", "Nov. 1, 2023"], "dcba"),
        (["Nov. 1, 2023", "Nov. 2, 2023", "Nov. 2, 2023", "Nov. 3, 2023"], "abcd"),
        (["Nov. 1, 2023", "Nov. 1, 2023", "Nov. 1, 2023", "Nov. 1, 2023"], "dcba"),
        (["Nov. 2, 2023", "Nov. 3, 2023", "Nov. 1, 2023", "Nov. 2, 2023"], "cdab"),
    ],
)
async def test_stories_come_oldest_first(tmp_path: Path, days: list[str], order: str) -> None:
    stories = "".join(text(title, day) for title, day in zip("abcd", days, strict=True))
    write(tmp_path / "a.txt", stories)
    assert "".join(titles(await fetch(tmp_path / "a.txt"))) == order


async def test_several_files_are_put_in_one_order(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", text("three", "May 3, 2020") + text("one", "May 1, 2020"))
    write(tmp_path / "b.txt", text("two", "May 2, 2020") + text("four", "May 4, 2020"))
    assert titles(await fetch(tmp_path / "*.txt")) == ["one", "two", "three", "four"]


async def test_one_story_in_overlapping_files_is_given_once(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", text("One") + text("Two"))
    write(tmp_path / "b.txt", text("Two") + text("THREE") + text("Three"))
    fetched = await fetch([str(tmp_path / "*.txt"), str(tmp_path / "a.txt")])
    assert sorted(titles(fetched)) == ["One", "Three", "Two"]
    assert fetched.unreadable == ()


async def test_stories_that_only_share_title_and_date_have_keys_of_their_own(
    tmp_path: Path,
) -> None:
    same = [
        text("Notes", body="First."),
        text("NOTES", body="Second."),
        text("Notes", body="Third."),
    ]
    write(tmp_path / "a.txt", "".join(same) + text("Notes", "Nov. 30, 2023", body="First."))
    stories = (await fetch(tmp_path / "a.txt")).stories
    assert [(story.key, story.paragraphs[0].text) for story in stories] == [
        ("notes|2023-11-29", "First."),
        ("notes|2023-11-29|2", "Second."),
        ("notes|2023-11-29|3", "Third."),
        ("notes|2023-11-30", "First."),
    ]
    assert len({story.id for story in stories}) == 4


async def test_a_new_story_of_the_same_title_and_day_leaves_the_old_one_s_id(
    tmp_path: Path,
) -> None:
    archive = tmp_path / "a.txt"
    old = text("Notes", body="Old.") + text("Older", "Nov. 1, 2023")
    write(archive, old)
    before = {story.id: story.text for story in (await fetch(archive)).stories}
    write(archive, text("Notes", body="New.") + old)
    after = {story.id: story.text for story in (await fetch(archive)).stories}
    assert before.items() <= after.items()
    assert len(after) == 3


@pytest.mark.parametrize(
    ("content", "report"),
    [
        (b"", "bad.txt: the file is empty"),
        (b"\n\n  \r\n", "bad.txt: there are no stories in this file"),
        (b"\n###\n\n###\n", "bad.txt: there are no stories in this file"),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR###\0\0\n###\n\xff\xfe",
            "bad.txt: this is not a text file: it contains NUL bytes",
        ),
        (bytes(range(256)) * 9_000, "bad.txt: this is not a text file: it contains NUL bytes"),
        (
            json.dumps({"stories": [{"title": "One"}]}, indent=1).encode(),
            'bad.txt:1: no dateline such as "TOKYO, Nov. 29, 2023—" after the title "{"',
        ),
        (
            b"# Notes\n\n### One\n\nText.\n\n### Two\n\nText.\n",
            "bad.txt: this is not an archive: it has no dateline such as",
        ),
        (
            text("Café").encode("utf-16-le"),
            "bad.txt: this is not a text file: it contains NUL bytes (if it is UTF-16, set",
        ),
        (
            (text("Café") + text("Thé") + text("Rosé")).encode("cp1252"),
            f"bad.txt:1: bytes in another encoding in 3 stories; {ADVICE} CP1252 -t UTF-8",
        ),
        (
            text("Cafe", body="Café.").encode("cp1252"),
            'bad.txt:3: bytes in another encoding in the story "Cafe"; set',
        ),
    ],
)
async def test_a_bad_file_is_told_once_and_costs_no_other(
    tmp_path: Path, content: bytes, report: str
) -> None:
    (tmp_path / "bad.txt").write_bytes(content)
    write(tmp_path / "good.txt", text("Good"))
    fetched = await fetch(tmp_path / "*.txt")
    assert titles(fetched) == ["Good"]
    [told] = reports(fetched, tmp_path)
    assert told.startswith(report)
    assert told.isprintable()
    assert fetched.signature


async def test_files_that_cannot_be_read_at_all_are_told_once(tmp_path: Path) -> None:
    (tmp_path / "directory.txt").mkdir()
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path / "good.txt", text("Good"))
    fetched = await fetch(tmp_path / "*.txt")
    assert titles(fetched) == ["Good"]
    assert reports(fetched, tmp_path) == [
        "directory.txt: there are no files in this folder",
        "gone.txt: the file is gone, or is a link to one that is",
        "loop.txt: the system cannot read it: Too many levels of symbolic links",
        "pipe.txt: this is not a regular file",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
async def test_a_file_without_permission_is_told_and_tried_again(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, text("One"))
    archive.chmod(0)
    fetched = await fetch(archive)
    assert reports(fetched, tmp_path) == ["a.txt: the system cannot read it: Permission denied"]
    assert fetched.signature == ""


async def test_a_file_that_may_be_readable_next_time_leaves_no_signature(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert (await fetch(tmp_path / "gone.txt")).signature == ""


async def test_a_name_of_any_bytes_can_be_reported(tmp_path: Path) -> None:
    write(tmp_path / os.fsdecode(b"caf\xe9\n.txt"), "")
    [told] = reports(await fetch(tmp_path / "*.txt"), tmp_path)
    assert told == "caf\N{REPLACEMENT CHARACTER} .txt: the file is empty"


async def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    write(huge, text("One"))
    os.truncate(huge, 200 << 20)
    fetched = await fetch(huge)
    assert fetched.stories == ()
    assert reports(fetched, tmp_path) == [
        "huge.txt: its 200.0 MB are more than the 64.0 MB allowed for an archive; split it"
    ]


async def test_the_size_limit_is_a_setting(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    archive.write_bytes(text("One").encode())
    size = archive.stat().st_size
    assert titles(await fetch(archive, max_bytes=size)) == ["One"]
    assert titles(await fetch(archive, max_bytes=size - 1)) == []


async def test_one_long_line_does_not_fill_the_memory_or_hide_what_follows(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    long = "x" * 5_000_000
    blank = " " * 2_000_000
    write(archive, f"{text('Long', body=long)}{blank}lost?\n###\n{text('After')}")
    fetched = await fetch(archive)
    assert titles(fetched) == ["After"]
    assert [each.line for each in fetched.unreadable] == [1, 7]


async def test_a_form_feed_ends_a_line_but_no_paragraph(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(
        archive,
        text("One", body="It\x0c\n\x0cbegan.\n\x0c\nIt ended.").strip() + f"\x0c{text('Two')}",
    )
    one, two = (await fetch(archive)).stories[::-1]
    assert (one.title, two.title) == ("One", "Two")
    assert [paragraph.text for paragraph in one.paragraphs] == ["It began.", "It ended."]


async def test_the_encoding_is_a_setting(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be", "gb18030"):
        (tmp_path / "a.txt").write_bytes((text("Café") + text("Thé")).encode(encoding))
        fetched = await fetch(tmp_path / "a.txt", encoding=encoding)
        assert sorted(titles(fetched)) == ["Café", "Thé"]
        assert fetched.unreadable == ()


async def test_a_file_of_another_encoding_than_the_setting_says_is_told_once(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00\xd8\x20\x20")
    [told] = reports(await fetch(tmp_path / "a.txt", encoding="utf-16"), tmp_path)
    assert told.startswith("a.txt: this is not utf-16 text; set this source's `encoding`")


@pytest.mark.parametrize("encoding", ["utf-9", "base64", "", "a\0b"])
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match="there is no text encoding called"):
        ArchiveSource(SOURCE, pattern="/x", link=None, encoding=encoding)


async def test_one_bad_byte_costs_one_story(tmp_path: Path) -> None:
    good = text("Before", "Nov. 1, 2023", "Über allem.") + text("Bad", "Nov. 2, 2023", "Ca?!")
    data = (good + text("After", "Nov. 3, 2023", "Dà dove?")).encode().replace(b"?!", b"\xff")
    (tmp_path / "a.txt").write_bytes(data)
    fetched = await fetch(tmp_path / "a.txt")
    assert titles(fetched) == ["Before", "After"]
    [told] = reports(fetched, tmp_path)
    assert told.startswith('a.txt:9: bytes in another encoding in the story "Bad"; set')


async def test_a_nul_in_a_story_costs_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", text("One", body="It \0began."))
    [story] = (await fetch(tmp_path / "a.txt")).stories
    assert story.text == "It began."


@pytest.mark.slow
async def test_many_problems_are_told_in_few_lines(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, text("Good") + "".join(text(f"Bad {n}", "Nov. 31, 2023") for n in range(1025)))
    fetched = await fetch(archive)
    told = reports(fetched, tmp_path)
    assert titles(fetched) == ["Good"]
    assert len(told) == 21
    assert (
        told[0] == 'a.txt:7: there is no such date as "Nov. 31, 2023", in the dateline of "Bad 0"'
    )
    assert told[-1] == "a.txt: and 1,005 more"


async def test_nothing_that_matches_is_an_error(tmp_path: Path) -> None:
    patterns = [str(tmp_path / "*.txt"), str(tmp_path / "more" / "a.txt")]
    with pytest.raises(SourceError) as error:
        await fetch(patterns)
    assert str(error.value) == f"no file matches {tmp_path}/*.txt or {tmp_path}/more/a.txt"


async def test_one_pattern_that_matches_nothing_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", text("One"))
    fetched = await fetch([str(tmp_path / "*.txt"), str(tmp_path / "*.text")])
    assert titles(fetched) == ["One"]
    assert reports(fetched, tmp_path) == ["*.text: no file matches"]


async def test_patterns_reach_into_folders_and_names_may_look_like_patterns(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    write(deep / "one.txt", text("One"))
    write(deep / ".hidden.txt", text("Hidden"))
    write(tmp_path / "[two].txt", text("Two"))
    assert titles(await fetch(tmp_path / "a" / "**" / "*.txt")) == ["One"]
    assert titles(await fetch(tmp_path / "[two].txt")) == ["Two"]


async def test_an_unchanged_archive_is_not_read_again(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, text("One"))
    source = archive_source(archive)
    first = await source.fetch()
    times = (archive.stat().st_atime_ns, archive.stat().st_mtime_ns)
    write(archive, text("Two"))
    os.utime(archive, ns=times)  # same size, same time: only reading it would tell
    again = await source.fetch(first.signature)
    assert again == FetchResult(signature=first.signature, unchanged=True)
    assert titles(await source.fetch()) == ["Two"]


async def test_every_change_that_matters_changes_the_signature(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, text("One"))
    pattern = tmp_path / "*.txt"
    signatures = [
        (await fetch(pattern)).signature,
        (await fetch(pattern, encoding="ascii")).signature,
    ]
    signatures += [(await fetch(pattern, max_bytes=1000)).signature]
    for link in ("https://example.org/{slug}", "https://example.org/{id}"):
        signatures += [(await archive_source(pattern, link=link).fetch()).signature]
    os.utime(archive, ns=(0, 1))
    signatures += [(await fetch(pattern)).signature]
    write(archive, text("Longer"))
    os.utime(archive, ns=(0, 1))
    signatures += [(await fetch(pattern)).signature]
    write(tmp_path / "b.txt", text("Two"))
    signatures += [(await fetch(pattern)).signature]
    assert all(signatures)
    assert len(set(signatures)) == len(signatures)


async def test_another_signature_is_no_reason_to_fail(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", text("One"))
    assert titles(await archive_source(tmp_path / "a.txt").fetch("from another time")) == ["One"]


def test_a_file_that_changes_under_the_reader_waits_for_the_next_poll(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, "".join(generated_archive(20)))

    def change() -> bool:
        """Stands where the reader asks, between two stories, whether it shall stop."""
        with archive.open("a", encoding="utf-8") as file:
            file.write("\n")
        return False

    changed = read_file(archive, ReadOptions("utf-8", 1_000_000, change))
    assert (changed.stories, changed.is_settled) == ([], False)
    assert [problem.reason for problem in changed.problems] == [
        "it changed while it was read; the next poll reads it again"
    ]
    assert len(read_file(archive, ReadOptions("utf-8", 1_000_000, lambda: False)).stories) == 20


@pytest.mark.slow
async def test_the_event_loop_goes_on_while_an_archive_is_read(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, "".join(generated_archive(3_000)))
    reading = asyncio.create_task(fetch(archive))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(reading.result().stories) == 3_000
    assert turns > 10


def test_reading_ends_at_the_story_at_which_it_is_stopped(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, "".join(generated_archive(20)))
    answers = iter([False] * 5 + [True])
    with pytest.raises(ReadCancelledError):
        read_file(archive, ReadOptions("utf-8", 1_000_000, lambda: next(answers)))
    assert not list(answers)


@pytest.mark.slow
async def test_a_cancelled_look_leaves_no_thread_at_work(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, "".join(generated_archive(8_000)))
    began = perf_counter()
    await fetch(archive)
    whole = perf_counter() - began

    reading = asyncio.create_task(fetch(archive))
    await asyncio.sleep(whole / 20)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    began = perf_counter()
    await asyncio.get_running_loop().shutdown_default_executor()  # waits for the thread
    assert perf_counter() - began < whole / 2
    assert reading.cancelled()


@pytest.mark.slow
async def test_generated_archives_are_read_whole(tmp_path: Path) -> None:
    archive = tmp_path / "a.txt"
    write(archive, "".join(generated_archive(1_000, seed=7)))
    fetched = await fetch(archive)
    assert fetched.unreadable == ()
    assert len({story.id for story in fetched.stories}) == 1_000
    assert max(story.published.date() for story in fetched.stories) <= date(2026, 11, 22)
    assert list(generated_archive(50, seed=7)) == list(generated_archive(50, seed=7))
    assert list(generated_archive(50, seed=7)) != list(generated_archive(50, seed=8))
