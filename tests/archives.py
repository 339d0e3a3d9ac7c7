"""Archives for tests and benchmarks, and a short way to read one."""

from __future__ import annotations

import io
import random
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from adapters.sources.archive.link_template import LinkTemplate
from adapters.sources.archive.missing_dates import DateFrom, MissingDates
from adapters.sources.archive.model import ArchiveProblem, ParsedStory
from adapters.sources.archive.source import MAX_BYTES, ArchiveSource
from adapters.sources.archive.text.end_marks import weigh_marks
from adapters.sources.archive.text.lines import TextLine
from adapters.sources.archive.text.parser import parse_archive
from bot.ingest.results import FetchResult
from bot.model import Paragraph, Source

SOURCE = Source(id="test", name="The Test", kind="archive", every=timedelta(hours=1))


def read(
    text: str, dates: MissingDates | None = None
) -> tuple[list[ParsedStory], list[ArchiveProblem]]:
    """What the parser makes of `text`: stories, and problems."""
    lines = [TextLine(*each) for each in enumerate(io.StringIO(text, newline=None), start=1)]
    needs_dateline = dates is None or not dates.is_wanted
    ends = weigh_marks(lines).end_marks(needs_dateline=needs_dateline)
    items = list(parse_archive(lines, ends, dates))
    stories = [item for item in items if isinstance(item, ParsedStory)]
    return stories, [item for item in items if isinstance(item, ArchiveProblem)]


def archive_source(
    pattern: Path | str | Sequence[str],
    *,
    link: str = "",
    encoding: str = "utf-8",
    max_bytes: int = MAX_BYTES,
    date_from: DateFrom = DateFrom.NOWHERE,
) -> ArchiveSource:
    return ArchiveSource(
        SOURCE,
        pattern=str(pattern) if isinstance(pattern, Path) else pattern,
        link=LinkTemplate.parse(link) if link else None,
        encoding=encoding,
        max_bytes=max_bytes,
        date_from=date_from,
    )


async def fetch(
    pattern: Path | str | Sequence[str], *, encoding: str = "utf-8", max_bytes: int = MAX_BYTES
) -> FetchResult:
    """One poll of the archives that match."""
    return await archive_source(pattern, encoding=encoding, max_bytes=max_bytes).fetch()


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A story before it is written down."""

    title: str
    place: str
    day: date
    paragraphs: tuple[Paragraph, ...]
    byline: str = ""
    named: bool = False  # the byline is a name under the title, not initials at the end


@dataclass(frozen=True, slots=True)
class Style:
    """How somebody writes an archive down.

    Attributes:
        day: A `strftime` form of the date, for the locale C.
        dash: What stands after the date, with its spaces.
        credit: What stands before the dash, with its space.
        end: The end mark.
        newline: What ends a line.
        gap: The blank line between paragraphs.
        width: Where lines are wrapped; 0 for not at all.
        title_gap: Whether a blank line follows the title.
        alone: Whether the dateline has a line of its own.
        signature: What stands before the initials at the end.
    """

    day: str = "%b. %d, %Y"
    dash: str = "—"
    credit: str = ""
    end: str = "###"
    newline: str = "\n"
    gap: str = ""
    width: int = 0
    title_gap: bool = True
    alone: bool = False
    signature: str = ""


def written(story: Manuscript, style: Style) -> str:
    """One story as archive text, its end mark included."""
    dateline = f"{story.place}, {story.day.strftime(style.day)}{style.credit}{style.dash}"
    texts = [_wrapped(paragraph.text, style) for paragraph in story.paragraphs]
    if style.alone:
        texts.insert(0, dateline.strip())
    else:
        texts[0] = _wrapped(dateline + story.paragraphs[0].text, style)
    if story.byline and not story.named:
        texts.append(style.signature + story.byline)
    top = [story.title, *([f"By {story.byline}"] if story.named else [])]
    body = f"\n{style.gap}\n".join(texts)
    text = "\n".join([*top, *([style.gap] if style.title_gap else []), body, "", style.end, "", ""])
    return text.replace("\n", style.newline)


def _wrapped(text: str, style: Style) -> str:
    if not style.width:
        return text
    # A line never begins with a mark that would mean something there.
    return textwrap.fill(text, style.width, break_long_words=False, break_on_hyphens=False)


_PLACES = (
    "HARBOUR POINT",
    "NEW CALDER",
    "SÃO BRANCO",
    "WESTMERE and EASTMERE",
    "ST. ALDA, Minn.",
    "OAKFORD/LINDEN",
    "PORT ELARA",
    "KYRA VALLEY",
)
_WHO = (
    *(
        "Ferry crews",
        "Coastal engineers",
        "School cooks",
        "Night-shift nurses",
        "Young chess players",
    ),
    *("Glass makers", "Bridge inspectors", "Rail planners", "Wheat growers", "Archive volunteers"),
    *("Tide researchers", "Library clerks", "Solar installers", "Bus drivers", "Choir singers"),
)
_DID = (
    *("welcome", "question", "delay", "finish", "extend", "rebuild", "measure", "sell", "share"),
    *("reopen", "cancel", "map", "insure", "repaint", "translate"),
)
_WHAT = (
    *("the harbour tunnel", "a flood barrier", "the winter timetable", "a battery plant"),
    *("the old observatory", "a vaccine trial", "the fishing quota", "a concert hall"),
    *("the regional budget", "a seed bank", "the tram line", "a chip workshop", "the ice rink"),
    *("an electric ferry", "the housing fund"),
)
_WHY = (
    *("after a record storm", "before the spring election", "despite rising costs"),
    *("as the population ages", "while prices fall", "with help from neighbours"),
    *("because the ground is sinking", "to save energy", "for the first time in decades"),
)
_MORE = (
    "The council expects a decision within {n} weeks.",
    "About {n} people work on it, most of them from {place}.",
    "“Nobody expected this a year ago,” a spokeswoman said, pointing to {n} letters of support.",
    "A report puts the cost at {n} million crowns, half of which has been found.",
    "Critics say the plan forgets the {n} households on the eastern bank.",
    "Measurements over {n} days showed a small but steady change.",
)


def generated_archive(count: int, seed: int = 0) -> Iterator[str]:
    """Plausible stories as archive text, newest first, one chunk for each.

    Args:
        count: How many; all of them differ.
        seed: The same seed gives the same text.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable text, no secret
    day = date(2026, 11, 22)
    for number in range(count, 0, -1):
        day -= timedelta(days=chance.random() < 0.1)
        yield written(_generated(chance, number, day), Style())


_EXPORT_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
"""


def large_archive(form: str, count: int) -> Iterator[str]:
    """So many plausible stories in one of the forms `text`, `mbox` and `wxr`, in pieces."""
    if form == "wxr":
        yield _EXPORT_HEAD
    for number, text in enumerate(generated_archive(count)):
        title, _, body = text.removesuffix("\n\n###\n\n").partition("\n\n")
        match form:
            case "mbox":
                yield "From a@example.org Tue Mar  5 10:00:00 2024\nFrom: Ann <a@example.org>\n"
                yield f"Message-ID: <{number}@example.org>\nSubject: {title} {number}\n\n{body}\n\n"
            case "wxr":
                yield f"<item><title>{title} {number}</title><wp:post_id>{number}</wp:post_id>"
                yield "<wp:post_date_gmt>2024-03-05 10:00:00</wp:post_date_gmt>"
                yield f"<content:encoded><![CDATA[{body}]]></content:encoded></item>\n"
            case _:
                yield text
    if form == "wxr":
        yield "</channel></rss>\n"


def _generated(chance: random.Random, number: int, day: date) -> Manuscript:
    who, did, what, why = (chance.choice(each) for each in (_WHO, _DID, _WHAT, _WHY))
    place = chance.choice(_PLACES)
    texts = [f"{who} {did} {what} {why}, according to notice {number:,} of the town."]
    for _ in range(chance.randint(2, 6)):
        sentences = chance.sample(_MORE, chance.randint(2, 4))
        numbers = [str(chance.randint(2, 900)) for _ in sentences]
        pairs = zip(sentences, numbers, strict=True)
        texts.append(" ".join(text.format(n=n, place=place.title()) for text, n in pairs))
    return Manuscript(f"{who} {did} {what} {why}", place, day, tuple(map(Paragraph, texts)))
