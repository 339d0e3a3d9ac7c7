"""The table of weights: what each feature says for each subject.

A text, so that its changes can be read. Its first line names the subjects, its second has the size
of a step of the weights, the one of the lengths, and each subject's bias. Each line below has a
feature, a tab, a sign for its weight for each subject, and one for its length. Signs are those of
ASCII from `!` to `}`. `make subject-weights` makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import StringIO
from pathlib import Path

from bot.text.line_table import LineTable

PATH = Path(__file__).with_name("weights.txt")
FIRST, ZERO, LAST = ord("!"), ord("O"), ord("}")
"""The signs of the least weight, of none, and of the greatest; as far from each other."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a linear model.

    Attributes:
        subjects: The keys of the subjects, in the order of all the rest.
        step: By how much weights of neighbouring signs differ.
        length_step: The same of lengths, whose first sign is nothing.
        bias: What is said for each subject by a story of which nothing is known.
        rows: The signs of each feature's weights and of its length.
    """

    subjects: tuple[str, ...]
    step: float
    length_step: float
    bias: tuple[float, ...]
    rows: LineTable


@cache
def read_weights() -> Weights:
    """Reads the table that the package has, once."""
    return parse(resources.files("bot.ingest.subjects").joinpath(PATH.name).read_text("utf-8"))


def parse(text: str) -> Weights:
    """Parses a table."""
    lines = StringIO(text)
    subjects = tuple(next(lines).split())
    step, length_step, *bias = map(float, next(lines).split())
    return Weights(subjects, step, length_step, tuple(bias), LineTable(lines))


def write(weights: Weights) -> str:
    """Returns the table as a text, its features in order."""
    numbers = (weights.step, weights.length_step, *weights.bias)
    head = f"{' '.join(weights.subjects)}\n{' '.join(f'{number:.6g}' for number in numbers)}\n"
    return head + "".join(sorted(weights.rows))


def signs(values: Sequence[float], step: float, length: float, length_step: float) -> bytes:
    """Returns the signs of a feature's weights and length; what is too great is the greatest."""
    marks = [ZERO + round(value / step) for value in values]
    return bytes(
        min(LAST, max(FIRST, mark)) for mark in (*marks, FIRST + round(length / length_step))
    )
