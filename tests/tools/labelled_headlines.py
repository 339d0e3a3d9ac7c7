"""Headlines with the subjects that people put them under, to learn and to measure subjects with."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.ingest.subjects.features import sections
from bot.ingest.subjects.names import SUBJECTS

# What publishers call the subjects, as a label or as a section of their sites.
_NAMES = {
    "world": """
        world-news worldnews international europe asia africa americas middle-east world-africa
        world-asia world-asia-china world-asia-india world-australia world-europe world-us-canada
        world-middle-east world-latin-america us-news-world china asia-pacific south-asia
        latin-america russia ukraine
    """,
    "politics": """
        elections election assembly-elections politics-and-nation us-politics uk-politics
        politics-news india-politics political-pulse white-house congress
    """,
    "business": """
        markets market companies economy earnings stocks ipo ipos personal-finance banking money
        finance investing stock-market-news stock-watch company-results real-estate india-business
    """,
    "technology": "tech gadgets mobiles gadgets-news tech-news technology-news mobile-tabs gaming",
    "science": "space science-environment",
    "health": "health-news health-fitness",
    "sports": "sport cricket football tennis nfl nba cricket-news olympics soccer",
    "entertainment": """
        bollywood entertainment-arts movies hollywood celebrities music celebs television movie-news
    """,
}
_SUBJECT_OF = {name: key for key, names in _NAMES.items() for name in (key, *names.split())}
_NO_SUBJECT = {"general"}


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline with its subjects.

    Attributes:
        title: The headline.
        lead: How the story begins; empty where nobody says.
        url: Its page; empty where nobody says.
        source: Who published it.
        published: When, as written; sorts by time.
        subjects: The subjects that are right; several where a label covers them (`Sci/Tech`).
        is_labelled: True when a label says so, False when only sections of its page do.
    """

    title: str
    lead: str
    url: str
    source: str
    published: str
    subjects: frozenset[str]
    is_labelled: bool


def read_headlines(path: Path) -> list[Headline]:
    """Reads a file, and leaves out what has no subject, or contrary ones.

    JSON, one a line, packed with gzip or not: `title`, `desc`, `cats` (labels; one that is several
    subjects has slashes, as `science/technology`), and if known `url`, `source` and `published`.
    """
    packed = path.suffix == ".gz"
    with (
        gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8") as lines
    ):
        found = (_headline(json.loads(line)) for line in lines if line.strip())
        return [one for one in found if one.subjects]


def _headline(fields: Mapping[str, Any]) -> Headline:
    url = fields.get("url") or ""
    labels = set(fields.get("cats", ())) - _NO_SUBJECT
    label = labels.pop() if len(labels) == 1 else ""
    return Headline(
        fields["title"],
        fields.get("desc") or "",
        url,
        fields.get("source", ""),
        fields.get("published", ""),
        _subjects(label.split("/")) if label or labels else _only_section(url),
        bool(label),
    )


def _subjects(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_SUBJECT_OF[name] for name in names if name in _SUBJECT_OF)


def _only_section(url: str) -> frozenset[str]:
    """Returns the one subject that the sections of a page name; politics of the world is both."""
    found = _subjects(sections(url))
    if found == {"world", "politics"}:
        return frozenset({"politics"})
    return found if len(found) == 1 else frozenset()


KEYS = tuple(SUBJECTS)
"""The keys of the subjects, in their order."""
