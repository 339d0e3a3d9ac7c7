"""Makes `bot/ingest/summaries/weights.py` from stories with summaries that people wrote.

Takes a file of such stories: JSON, one a line, packed with gzip or not, with the fields `title`,
`body` and `summary`. The weights are those of a ridge regression: the share of a passage's words
and pairs of words that the person's summary has, by the passage's features. The shipped table was
made from 246 stories of English-language newspapers of 2017 with summaries of some sixty words; the
texts belong to their publishers and are not part of the project.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import itertools

from bench.rouge import tokens
from bench.summary_stories import Labelled, read_labelled

from bot.ingest.summaries.features import NAMES, measure
from bot.ingest.summaries.passages import passages
from bot.text.stemming import new_stemmer

PATH = Path(__file__).parents[2] / "bot/ingest/summaries/weights.py"
RIDGE = 2.0
"""What is added to the square of each weight, so that few stories give no large ones."""

_HEAD = '''"""Weights of the features of passages; made by `tests/tools/summary_weights.py`."""

WEIGHTS: dict[str, float] = {
'''
_TAIL = '''}
"""The weight of each feature, by the names in `bot.ingest.summaries.features`."""
'''
_LONGEST, _USUAL = 40, 25  # words of a passage: a long one counts more, up to a length

Row = tuple[tuple[float, ...], float, float]


def rows(labelled: Labelled) -> Iterator[Row]:
    """Yields each passage's features, the share of it that the summary has, and what it counts."""
    wanted = tokens(labelled.summary)
    single, pairs = Counter(wanted), Counter(itertools.pairwise(wanted))
    found = passages(labelled.story.paragraphs, labelled.story.title)
    for one in measure(found, labelled.story.title, new_stemmer()):
        has = tokens(one.passage.text)
        same = (Counter(has) & single).total()
        same += (Counter(itertools.pairwise(has)) & pairs).total()
        yield one.features, same / (2 * len(has) or 1), min(len(has), _LONGEST) / _USUAL


def fit(found: Iterable[Row], ridge: float = RIDGE) -> list[float]:
    """Returns the weights of a weighted ridge regression; the first feature is not held small."""
    size = len(NAMES)
    matrix = [[0.0] * (size + 1) for _ in range(size)]
    for features, share, count in found:
        for at, value in enumerate(features):
            row = matrix[at]
            for other, factor in enumerate((*features, share)):
                row[other] += value * factor * count
    for at in range(1, size):
        matrix[at][at] += ridge
    return _solve(matrix)


def _solve(matrix: list[list[float]]) -> list[float]:
    """Solves linear equations by Gauss and Jordan's elimination, largest pivots first."""
    for at in range(len(matrix)):
        pivot = max(range(at, len(matrix)), key=lambda row: abs(matrix[row][at]))
        matrix[at], matrix[pivot] = matrix[pivot], matrix[at]
        matrix[at] = [value / matrix[at][at] for value in matrix[at]]
        for row in range(len(matrix)):
            if row != at:
                _subtract(matrix[row], matrix[at], matrix[row][at])
    return [row[-1] for row in matrix]


def _subtract(row: list[float], other: Sequence[float], factor: float) -> None:
    for at, value in enumerate(other):
        row[at] -= factor * value


def main(path: Path) -> None:
    """Writes the table."""
    weights = fit(row for one in read_labelled(path) for row in rows(one))
    lines = (f'    "{name}": {weight:.3f},\n' for name, weight in zip(NAMES, weights, strict=True))
    PATH.write_text(_HEAD + "".join(lines) + _TAIL, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
