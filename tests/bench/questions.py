"""The questions that are measured, each with the bare SQL that answering it cannot do without."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from bench.corpus import COMMON, RARE, SOURCES, TOPICS

from bot.search.partial_match import CANDIDATES
from store.codec import to_micros

Statement = tuple[str, Sequence[object]]

_PAGE = "SELECT * FROM stories {} ORDER BY published DESC, row DESC LIMIT 5 OFFSET ?"
_COUNT = "SELECT count(*) FROM stories {}"
_TOPIC = (
    "SELECT s.* FROM story_topics t JOIN stories s ON s.id = t.story"
    " WHERE topic = (SELECT row FROM topics WHERE name = ?)"
    " ORDER BY t.published DESC, t.story DESC LIMIT 5"
)
_TOPIC_COUNT = (
    "SELECT count(*) FROM story_topics WHERE topic = (SELECT row FROM topics WHERE name = ?)"
)
_MATCH = (
    "SELECT stories.id, stories.title, summary, published"
    " FROM stories_fts CROSS JOIN stories ON row = stories_fts.rowid"
    " WHERE stories_fts MATCH ? ORDER BY stories_fts.rowid DESC LIMIT ?"
)
_BY_ID = "SELECT * FROM stories WHERE id = ?"
_SOURCES = "SELECT source, count(*), max(published) FROM stories GROUP BY source"
_TOPICS = "SELECT topic, count(*) FROM story_topics GROUP BY topic"
_WORDS = "SELECT word, stories FROM words"


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of question.

    Attributes:
        name: What the table calls it.
        lines: What is typed; they are asked in turn.
        floor: The SQL that each line needs at least; empty for a question that needs none.
        first: Whether it is asked of a desk that has answered nothing before.
        completes: The command and the option of which each line is the beginning of a value; empty
            for questions.
    """

    name: str
    lines: Sequence[str]
    floor: Sequence[Sequence[Statement]] = ()
    first: bool = False
    completes: tuple[str, str] | tuple[()] = ()


def questions(known: sqlite3.Connection) -> list[Question]:
    """Every question, with arguments that fit the store."""
    return [
        *_listings(),
        *_searches(known),
        *_readings(known),
        *_others(),
        *_completions(known),
    ]


def _question(
    name: str, arguments: Sequence[str], line: str, floor: Callable[[str], Sequence[Statement]]
) -> Question:
    lines = [line.format(argument) for argument in arguments]
    return Question(name, lines, [floor(argument) for argument in arguments])


def _listings() -> list[Question]:
    sources = [source.id for source in SOURCES]
    since = ["2026-11", "2026-06", "2025", "2023"]
    topics = [topic.name for topic in TOPICS]
    newest = ((_PAGE.format(""), (0,)), (_COUNT.format(""), ()))
    return [
        Question("/latest", ["/latest"], [newest]),
        _question("/latest, one source", sources, "/latest source:{}", _of_source),
        _question("/latest since", since, "/latest since:{}", _since),
        _question("/latest, page 50", ["50", "49", "51"], "/latest page:{}", _page),
        _question("/topic", topics, "/topic {}", _topic),
    ]


def _of_source(source: str) -> Sequence[Statement]:
    where = "WHERE source = ?"
    return (_PAGE.format(where), (source, 0)), (_COUNT.format(where), (source,))


def _since(text: str) -> Sequence[Statement]:
    year, _, month = text.partition("-")
    start = to_micros(datetime(int(year), int(month or 1), 1, tzinfo=UTC))
    where = "WHERE published >= ?"
    return (_PAGE.format(where), (start, 0)), (_COUNT.format(where), (start,))


def _page(number: str) -> Sequence[Statement]:
    return (_PAGE.format(""), ((int(number) - 1) * 5,)), (_COUNT.format(""), ())


def _topic(name: str) -> Sequence[Statement]:
    return (_TOPIC, (name,)), (_TOPIC_COUNT, (name,))


def _searches(known: sqlite3.Connection) -> list[Question]:
    slips = [word[:3] + word[4:] for word in RARE]
    two = [f"{word} {COMMON}" for word in RARE]
    common = [COMMON, "council", "report", "households"]
    nothing = [f"zqx{word}qz" for word in RARE]
    mended = dict(zip(slips, RARE, strict=True))

    def corrected(slip: str) -> Sequence[Statement]:
        return *_match(slip), *_match(mended[slip])

    def with_words(slip: str) -> Sequence[Statement]:
        return *_match(slip), (_WORDS, ()), *_match(mended[slip])

    first = _question("/search misspelled, first", slips, "/search {}", with_words)
    return [
        _question("/search rare word", RARE, "/search {}", _match),
        _question("/search common word", common, "/search {}", _match),
        _question("/search two words", two, "/search {}", _match),
        _question("/search phrase", _phrases(known), '/search "{}"', lambda p: _match(f'"{p}"')),
        Question(first.name, first.lines, first.floor, first=True),
        _question("/search misspelled, later", slips, "/search {}", corrected),
        _question("/search nothing found", nothing, "/search {}", _match),
    ]


def _match(expression: str) -> Sequence[Statement]:
    return ((_MATCH, (expression, CANDIDATES)),)


def _phrases(known: sqlite3.Connection) -> list[str]:
    return [" ".join(title.split()[-3:]) for _, title in _known(known)]


def _known(known: sqlite3.Connection, count: int = 40) -> list[tuple[str, str]]:
    """The ids and titles of stories from all over the store."""
    (total,) = known.execute("SELECT max(row) FROM stories").fetchone()
    rows = range(1, total + 1, max(1, total // count))
    sql = "SELECT id, title FROM stories WHERE row = ?"
    return [known.execute(sql, (row,)).fetchone() for row in islice(rows, count)]


def _readings(known: sqlite3.Connection) -> list[Question]:
    stories = _known(known)
    newest = [row[0] for row in known.execute(_PAGE.format("").replace("*", "id", 1), (0,))]

    def numbered(number: str) -> Sequence[Statement]:
        return ((_BY_ID, (newest[int(number) - 1],)),)

    numbers = [str(number + 1) for number in range(len(newest))]
    titles = [title for _, title in stories]
    return [
        _question("/read number", numbers, "/read {}", numbered),
        _question("/read id", [one for one, _ in stories], "/read {}", lambda i: ((_BY_ID, (i,)),)),
        Question("/related", [f"/related {one}" for one, _ in stories]),
        _question("/read title", titles, "/read {}", lambda t: _match(_as_words(t))),
    ]


def _as_words(title: str) -> str:
    return " ".join(f'"{word}"' for word in title.split())


def _others() -> list[Question]:
    return [
        Question("/topics", ["/topics"], [((_TOPICS, ()),)]),
        Question("/sources", ["/sources"], [((_SOURCES, ()),)]),
        Question("/help", ["/help"]),
        Question("/help search", ["/help search", "/help latest", "/help read"]),
        Question("an unknown command", ["/serch crime", "/latests", "/xyzzy"]),
    ]


def _completions(known: sqlite3.Connection) -> list[Question]:
    """Completions, asked for at every key that a person presses, also with a typo."""
    titles = [title for _, title in _known(known)]
    begun = [title[: len(title) * 2 // 3] for title in titles]
    slips = [title[:2] + title[3:] for title in begun]
    words = [f"{COMMON} {word[: 1 + at % 5]}" for at, word in enumerate(RARE)]
    return [
        Question("complete a title", begun, completes=("read", "story")),
        Question("… with a slip", slips, completes=("read", "story")),
        Question("complete a query", words, completes=("search", "words")),
        Question("complete a topic", ["en", "ra", "enrgy"], completes=("topic", "name")),
    ]
