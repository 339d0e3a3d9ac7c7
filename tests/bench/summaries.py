"""Measures summaries against those that people wrote: ROUGE, and the time that each takes.

Beside them stand the opening sentences, as the baseline, and the best that could be chosen: the
sentences that are added one by one as long as the mean of the three measures grows (the oracle).
With `--folds`, weights are learnt anew from the other parts of the file, and each part is judged by
weights that have not seen it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.rouge import Rouge, rouge
from bench.summary_stories import Labelled, read_labelled
from bench.tables import facts, percentile, show
from tools.summary_weights import fit, rows

from bot.ingest.summaries.choice import choose
from bot.ingest.summaries.features import measure
from bot.ingest.summaries.passages import Passage, passages
from bot.ingest.summaries.summariser import Summariser, worths
from bot.text.stemming import new_stemmer

Summarise = Callable[[Labelled, int], str]


def opening(one: Labelled, length: int) -> str:
    """Returns the opening sentences that fit."""
    return _fill(passages(one.story.paragraphs, ""), length)


def _fill(found: Sequence[Passage], length: int) -> str:
    text = ""
    for each in found:
        longer = f"{text} {each.text}".strip()
        if len(longer) > length:
            return text or each.text[:length]
        text = longer
    return text


def ours(one: Labelled, length: int) -> str:
    """Returns the summary that the bot makes."""
    return Summariser(length).summarise(one.story)


def oracle(one: Labelled, length: int) -> str:
    """Returns the sentences that come nearest to the person's summary, chosen greedily."""
    rest, text, best = [each.text for each in passages(one.story.paragraphs, "")], "", 0.0
    while True:
        longer = [f"{text} {each}".strip() for each in rest]
        fitting = [each for each in longer if len(each) <= length]
        top = max(((_mean(rouge(each, one.summary)), each) for each in fitting), default=(0.0, ""))
        if top[0] <= best:
            return text
        best, text = top
        rest = [each for each in rest if not text.endswith(each)]


def _mean(found: Rouge) -> float:
    return (found.one + found.two + found.longest) / 3


def cross_validated(stories: Sequence[Labelled], folds: int) -> Summarise:
    """Returns what summarises each story by weights that are learnt from the others' parts."""
    order = list(range(len(stories)))
    random.Random(folds).shuffle(order)  # noqa: S311 - which stories stand together
    learnt = [list(rows(one)) for one in stories]
    weights: dict[int, Sequence[float]] = {}
    for part in range(folds):
        others = [at for number, at in enumerate(order) if number % folds != part]
        found = fit(row for at in others for row in learnt[at])
        weights |= {id(stories[at]): found for at in order[part::folds]}
    return lambda one, length: _by_weights(one, length, weights[id(one)])


def _by_weights(one: Labelled, length: int, weights: Sequence[float]) -> str:
    found = passages(one.story.paragraphs, one.story.title)
    usable = [
        each for each in measure(found, one.story.title, new_stemmer()) if each.passage.usable
    ]
    chosen = choose(usable, worths(usable, weights), length)
    return " ".join(each.passage.text for each in chosen) or ours(one, length)


def table(stories: Sequence[Labelled], arguments: argparse.Namespace) -> Iterator[Sequence[str]]:
    """Yields a row for each way to summarise."""
    ways: dict[str, Summarise] = {"opening sentences": opening, "Dateline": ours}
    if arguments.folds:
        ways["Dateline, learnt from the others"] = cross_validated(stories, arguments.folds)
    for length in arguments.length:
        for name, way in (ways | {"best choice (oracle)": oracle}).items():
            yield [f"{name}, {length}", *_judge(stories, way, length, stem=not arguments.no_stem)]


def _judge(
    stories: Sequence[Labelled], way: Summarise, length: int, *, stem: bool
) -> Iterator[str]:
    made, taken = [], []
    for one in stories:
        start = time.process_time_ns()
        made.append(way(one, length))
        taken.append((time.process_time_ns() - start) / 1e6)
    found = [rouge(text, one.summary, stem=stem) for text, one in zip(made, stories, strict=True)]
    for measured in ("one", "two", "longest"):
        yield f"{100 * statistics.mean(getattr(each, measured) for each in found):.1f}"
    yield f"{max(map(len, made))}"
    yield from (f"{percentile(taken, share):.2f}" for share in (50, 99))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="JSON lines with title, body and summary")
    parser.add_argument("--length", type=int, nargs="+", default=[300, 400])
    parser.add_argument("--folds", type=int, default=6, help="parts to learn crosswise; 0 for none")
    parser.add_argument("--no-stem", action="store_true", help="compare words without stemming")
    arguments = parser.parse_args()
    stories = read_labelled(arguments.file)
    print(facts())
    print(f"{len(stories)} stories; ROUGE as F1, words {'un' * arguments.no_stem}stemmed (Porter)")
    heads = ["way, characters", "ROUGE-1", "ROUGE-2", "ROUGE-L", "longest", "ms, half", "ms, 99 %"]
    show("Summaries", heads, list(table(stories, arguments)))


if __name__ == "__main__":
    main()
