"""Measures the broad subjects of stories: accuracy, coverage, precision, time, size.

Accuracy counts every story, also those that the bot would leave without a subject; coverage is the
share that gets one, and precision how many of these are right. A label that covers several subjects
(`science/technology`) is right with each. With `--folds`, files are learnt from as
`tests/tools/subject_weights.py` does, and what was not learnt is judged: the last third of the
first file by time, and the sources of a fifth of it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import facts, percentile, show
from tools.labelled_headlines import KEYS, Headline, read_headlines
from tools.subject_weights import Labels, learn, read_sets, table

from bot.ingest.subjects.assigner import LEAST_KNOWN, is_sure
from bot.ingest.subjects.classifier import Guess, SubjectClassifier
from bot.ingest.subjects.habits import SubjectHabits
from bot.ingest.subjects.weights import PATH

HEAD = ["stories", "number", "accuracy", "coverage", "precision"]


def judge(
    name: str, headlines: Sequence[Headline], classifier: SubjectClassifier
) -> Iterator[Sequence[str]]:
    """Yields rows: titles alone, with openings, with pages, and in order with habits."""
    yield _row(f"{name}, titles", headlines, lambda one: classifier.guess(one.title))
    if any(one.lead for one in headlines):
        yield _row(
            f"{name}, openings", headlines, lambda one: classifier.guess(one.title, one.lead)
        )
    if any(one.url for one in headlines):
        yield _row(
            f"{name}, pages",
            headlines,
            lambda one: classifier.guess(one.title, one.lead, one.url),
        )
    if any(one.source for one in headlines):
        ordered = sorted(headlines, key=lambda one: one.published)
        yield _row(f"{name}, in order", ordered, _with_habits(classifier))


def _with_habits(classifier: SubjectClassifier) -> Callable[[Headline], Guess]:
    """Returns what guesses as the bot does, one story after another, with what these teach."""
    habits = SubjectHabits()

    def guess(one: Headline) -> Guess:
        words = classifier.stems(one.title)
        leanings = habits.leanings(one.source, words)
        found = classifier.guess(one.title, one.lead, one.url, leanings)
        if found.known >= LEAST_KNOWN:
            habits.learn(one.source, words, found.shares)
        return found

    return guess


def _row(name: str, headlines: Sequence[Headline], guess: Callable[[Headline], Guess]) -> list[str]:
    guesses = [(guess(one), one.subjects) for one in headlines]
    right = [found.subject in subjects for found, subjects in guesses]
    sure = [is_right for (found, _), is_right in zip(guesses, right, strict=True) if is_sure(found)]
    shares = [sum(right) / len(right), len(sure) / len(right), sum(sure) / (len(sure) or 1)]
    return [name, f"{len(right)}", *(f"{share:.3f}" for share in shares)]


def by_subject(
    headlines: Sequence[Headline], classifier: SubjectClassifier
) -> Iterator[Sequence[str]]:
    """Yields a row for each subject: how many have it, how many get it, and how many are right."""
    found, right, true = Counter[str](), Counter[str](), Counter[str]()
    for one in headlines:
        guess = classifier.guess(one.title, one.lead)
        true[min(one.subjects)] += 1
        if is_sure(guess):
            found[guess.subject] += 1
            right[guess.subject] += guess.subject in one.subjects
    for key in KEYS:
        yield [key, f"{true[key]}", f"{found[key]}", f"{right[key] / (found[key] or 1):.3f}"]


def learnt(sets: Sequence[Labels]) -> Iterator[Sequence[str]]:
    """Yields rows of what was not learnt from: later weeks, and other sources."""
    own, *others = sets
    ordered = sorted(own.headlines, key=lambda one: one.published)
    cut = len(ordered) * 2 // 3
    parts = {
        "later": (ordered[:cut], ordered[cut:]),
        "other sources": (
            [one for one in ordered if not _is_fifth(one.source)],
            [one for one in ordered if _is_fifth(one.source)],
        ),
    }
    for name, (known, unknown) in parts.items():
        made = table(learn([replace(own, headlines=known), *others]))
        judged = [one for one in unknown if one.is_labelled]  # sections would judge themselves
        yield from judge(name, judged, SubjectClassifier(made))


def _is_fifth(source: str) -> bool:
    return crc32(source.encode()) % 5 == 0


def speed(headlines: Sequence[Headline], classifier: SubjectClassifier) -> Iterator[Sequence[str]]:
    """Yields the time that a story takes, its source's and its words' habits included."""
    taken, guess = [], _with_habits(classifier)
    for one in headlines[:5_000]:
        start = time.process_time_ns()
        guess(one)
        taken.append((time.process_time_ns() - start) / 1e6)
    yield ["ms a story", f"{percentile(taken, 50):.3f}", f"{percentile(taken, 99):.3f}"]


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="labelled headlines to judge by")
    parser.add_argument("--subjects", action="store_true", help="also show each subject")
    parser.add_argument("--folds", nargs="+", default=(), help="files to learn from, crosswise")
    arguments = parser.parse_args()
    files = {path.name.partition(".")[0]: read_headlines(path) for path in arguments.files}
    classifier = SubjectClassifier()
    print(facts())
    rows = [row for name, found in files.items() for row in judge(name, found, classifier)]
    show("Subjects", HEAD, rows)
    for name, found in files.items() if arguments.subjects else ():
        head = [name, "labelled", "assigned", "precision"]
        show("Each subject, with openings", head, list(by_subject(found, classifier)))
    if arguments.folds:
        show("Learnt anew without them", HEAD, list(learnt(read_sets(arguments.folds))))
    show("Time", ["", "half", "99 %"], list(speed(next(iter(files.values())), classifier)))
    print(f"\nThe table: {PATH.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
