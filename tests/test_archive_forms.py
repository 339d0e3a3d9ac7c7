"""Files and folders of archives: each form is recognised, and no id of a story ever changes."""

from __future__ import annotations

import asyncio
import os
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from archives import archive_source, fetch, large_archive

from adapters.sources.archive.file import read_file
from adapters.sources.archive.forms import reader_for, recognise
from adapters.sources.archive.mail.reader import MailReader
from adapters.sources.archive.markdown.reader import MarkdownReader
from adapters.sources.archive.missing_dates import DateFrom
from adapters.sources.archive.reader import ArchiveFile, ArchiveReader, ReadOptions
from adapters.sources.archive.text.reader import TextReader
from adapters.sources.archive.text_file import read_head
from adapters.sources.archive.wordpress.reader import WordPressReader
from bot.ingest.results import FetchResult

PROSPECT = Path(__file__).parent / "data" / "archives" / "the-prospect.txt"

# By their ids; another key or id would be another story, and posted again.
PINNED = {
    "p3rqtkm6vpj2": ("‘my number’ national id card folly", "2023-10-06"),
    "gr5tvk27mcqh": ("japan fell to no. x in 2 decades", "2023-10-07"),
    "tw7rvyw6y8bq": (
        "out of the blue ntt law repeal could backpedal japan telecom to ntt monopoly",
        "2023-10-21",
    ),
    "hpy2wfxsbtv6": (
        "china become the largest shareholder of the top tokyo crematorium company",
        "2023-10-23",
    ),
    "ngyhgsxcq5kw": (
        "china’s japanese property purchase redux: resuming at top speed",
        "2023-10-24",
    ),
    "mcpd7pnhrt43": ("china’s byd ev buses picked as 2025 osaka expo core transit", "2023-11-10"),
    "d9zt3x42k987": ("should japan penalize bike riders?", "2023-11-12"),
    "dtmtjmyg43dm": (
        "osaka expo 2025 cost estimate rises further as more countries call off joining",
        "2023-11-28",
    ),
    "t89qywmj2ykm": ("japan approves home-made covid-19 vaccine for first time", "2023-11-28"),
    "jn9zvzvv2kx3": (
        "japan picks a domestic firm for government cloud service: will it work?",
        "2023-11-29",
    ),
}

TEXT = "A title\n\nTOKYO, Nov. 29, 2023—It began.\n\n###\n"
POST = "---\ntitle: A post\ndate: 2024-03-05\n---\n\nIt began.\n"
MAIL = "From a@x Tue Mar  5 10:00:00 2024\nFrom: Ann <a@x>\nSubject: A mail\n\nIt began.\n"
EXPORT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>\n'
    "<item><title>An item</title><pubDate>Tue, 05 Mar 2024 10:00:00 +0000</pubDate>"
    "<content:encoded>It began.</content:encoded></item>\n</channel></rss>\n"
)


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    return file


def titles(fetched: FetchResult) -> list[str]:
    return sorted(story.title for story in fetched.stories)


async def test_the_ids_and_keys_of_a_text_archive_are_those_of_every_version() -> None:
    stories = (await fetch(PROSPECT)).stories
    keys = {story.id: story.key for story in stories}
    assert keys == {name: f"{title}|{day}" for name, (title, day) in PINNED.items()}


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("a.txt", TEXT, TextReader),
        ("a.md", TEXT, TextReader),
        ("a.md", f"\ufeff{TEXT}".replace("\n", "\r\n"), TextReader),
        ("a.txt", f"---\n{TEXT}", TextReader),
        ("a.txt", f"------------\nTokyo: a city\n\n{TEXT}", TextReader),
        ("a", "Notes\n\nWithout any date.\n", TextReader),
        ("a.md", POST, MarkdownReader),
        ("a.txt", POST, MarkdownReader),
        ("a.html", POST, MarkdownReader),
        ("a.md", "# A title\n\nIt began on May 3, 2024.\n", MarkdownReader),
        ("a.md", POST.replace("\n", "\r\n"), MarkdownReader),
        ("a.md", "+++\ntitle = 'A'\n+++\nText.\n", MarkdownReader),
        ("a.md", "---\n# a comment\ntitle: A\n---\nText.\n", MarkdownReader),
        ("a.md", '{"title": "A"}\n\nText.\n', MarkdownReader),
        ("a.xml", EXPORT, WordPressReader),
        ("a.txt", EXPORT, WordPressReader),
        ("a.xml", EXPORT.partition("\n")[2], WordPressReader),
        ("a.mbox", MAIL, MailReader),
        ("a.txt", MAIL.replace("\n", "\r\n"), MailReader),
        ("a.txt", "From here to there\n\nTOKYO, May 1, 2023—It began.\n", TextReader),
    ],
)
def test_a_form_is_known_by_the_first_bytes(
    tmp_path: Path, name: str, text: str, form: type[ArchiveReader]
) -> None:
    file = write(tmp_path / name, text)
    assert type(reader_for(file, read_head(file), "utf-8")) is form


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.css", b"---\n---\nbody {}\n"),
        ("_config.yml", b"---\ntitle: x\n---\n"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("a.html", b"<!doctype html>\n<p>\n"),
        ("a.xml", b"<?xml version='1.0'?><rss/>"),
        ("Makefile", b"all:\n\techo\n"),
        ("a.json", b'{"title": "A"}'),
        ("empty", b""),
    ],
)
def test_other_files_are_none(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert recognise(tmp_path / name, data, "utf-8") is None


async def test_a_folder_may_hold_every_form(tmp_path: Path) -> None:
    write(tmp_path / "news" / "2023.txt", TEXT)
    write(tmp_path / "_posts" / "a.md", POST)
    write(tmp_path / "export.xml", EXPORT)
    write(tmp_path / "list.mbox", MAIL)
    fetched = await fetch(tmp_path)
    assert titles(fetched) == ["A mail", "A post", "A title", "An item"]
    assert (fetched.unreadable, fetched.set_aside) == ((), ())


async def test_links_that_go_in_circles_are_followed_once(tmp_path: Path) -> None:
    write(tmp_path / "a" / "one.md", POST)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    fetched = await fetch(tmp_path)
    assert titles(fetched) == ["A post"]
    assert [each.reason for each in fetched.unreadable] == [
        "the system cannot read it: Too many levels of symbolic links"
    ]


async def test_a_folder_without_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    [told] = (await fetch(tmp_path / "empty")).unreadable
    assert told.reason == "there are no files in this folder"


async def test_a_new_file_in_a_folder_is_a_change_and_nothing_else_is(tmp_path: Path) -> None:
    write(tmp_path / "a.md", POST)
    source = archive_source(tmp_path)
    first = await source.fetch()
    assert (await source.fetch(first.signature)).unchanged
    write(tmp_path / "b.md", POST.replace("A post", "Another"))
    assert titles(await source.fetch(first.signature)) == ["A post", "Another"]


async def test_a_key_is_the_path_below_the_folder_that_is_named(tmp_path: Path) -> None:
    write(tmp_path / "blog" / "_posts" / "a.md", POST)
    patterns = {
        "blog": "_posts/a.md",
        "blog/_posts/*.md": "a.md",
        "blog/**/*.md": "_posts/a.md",
        "blog/_posts/a.md": "a.md",
    }
    for pattern, key in patterns.items():
        [story] = (await fetch(str(tmp_path / pattern))).stories
        assert story.key == key


async def test_names_of_any_bytes_are_read(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    write(folder / "a\udce9.md", POST)
    [story] = (await fetch(tmp_path)).stories
    unknown = "\N{REPLACEMENT CHARACTER}"
    assert (story.title, story.key) == ("A post", f"caf{unknown}/a{unknown}.md")


@pytest.mark.parametrize(("name", "text"), [("a.md", POST), ("a.xml", EXPORT), ("a.mbox", MAIL)])
def test_a_file_that_changes_while_it_is_read_waits_for_the_next_poll(
    tmp_path: Path, name: str, text: str
) -> None:
    file = write(tmp_path / name, text)

    def change() -> bool:
        with file.open("a", encoding="utf-8") as opened:
            opened.write("\n")
        return False

    changed = read_file(file, ReadOptions("utf-8", 1_000_000, change))
    assert (changed.stories, changed.is_settled) == ([], False)
    assert len(read_file(file, ReadOptions("utf-8", 1_000_000)).stories) == 1


async def test_date_from_changes_what_is_read_and_so_the_signature(tmp_path: Path) -> None:
    file = write(tmp_path / "2024-03-05.txt", f"{TEXT}\nUndated\n\nTOKYO (AP) — It began.\n")
    without = await fetch(file)
    named = await archive_source(file, date_from=DateFrom.NAME).fetch(without.signature)
    assert (titles(without), len(without.unreadable)) == (["A title"], 1)
    assert titles(named) == ["A title", "Undated"]
    assert {str(story.published.date()) for story in named.stories} == {"2023-11-29", "2024-03-05"}


async def test_an_undated_story_is_the_same_when_its_file_changes(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "Undated\n\nTOKYO (AP) — It began.\n")
    source = archive_source(file, date_from=DateFrom.FILE)
    [first] = (await source.fetch()).stories
    os.utime(file, ns=(0, 10**18))
    [second] = (await source.fetch()).stories
    assert (first.id, first.undated, second.undated) == (second.id, True, True)
    assert first.published != second.published


@pytest.mark.slow
async def test_every_form_takes_the_loop_s_thread_only_now_and_then(tmp_path: Path) -> None:
    for name, form in (("a.xml", "wxr"), ("a.mbox", "mbox")):
        write(tmp_path / name, "".join(large_archive(form, 800)))
    reading = asyncio.create_task(fetch(tmp_path))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(reading.result().stories) == 1_600
    assert turns > 10


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "mbox", "wxr"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, form: str) -> None:
    peaks = []
    for count in (100, 1_000):
        file = tmp_path / f"{count}.archive"
        with file.open("w", encoding="utf-8") as opened:
            opened.writelines(large_archive(form, count))
        head = read_head(file)
        archive = ArchiveFile(file, "utf-8", date(2024, 1, 1), ReadOptions("utf-8", 1 << 30))
        reader = reader_for(file, head, "utf-8")
        tracemalloc.start()
        assert sum(1 for _ in reader.read(archive)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 500_000
