"""Makes `bot/ingest/subjects/weights.txt` from labelled headlines: see `docs/design-notes.md`.

Takes files as `labelled_headlines` reads them. The first is of the kind that the bot reads; the
others are broader, and each may have a number behind a colon: how much it counts, where the first
counts 20. A model is learnt from all of them, and changed then where the first knows better. Each
story is learnt with its opening and without, those of the first file also with the sections of
their pages, so that none of these has to be there.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray
from tools.labelled_headlines import KEYS, Headline, read_headlines
from tools.softmax_regression import Array, Sparse, fit

from bot.ingest.subjects.features import features, sections
from bot.ingest.subjects.weights import LAST, PATH, ZERO, Weights, signs, write
from bot.text.line_table import LineTable
from bot.text.stemming import new_stemmer

LEAST = 3  # stories that a feature has to be in
RARITY = 1.5  # power of a feature's rarity by which its weight grows
BALANCE = 0.5  # power by which subjects count more that have fewer stories
RIDGE, CHANGE = 2e-5, 2e-5  # what large weights cost, and large changes of them
STEPS, CHANGE_STEPS = 40, 30
OWN_BIAS = 0.5  # how far subjects' shares in the first file count; elsewhere they are others
OWN_SHARE, SHARE = 20.0, 4.0


@dataclass(frozen=True, slots=True)
class Labels:
    """Labelled headlines, and how much they count together."""

    headlines: Sequence[Headline]
    share: float


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model: for each feature its rarity and its weights, and the biases."""

    names: Sequence[str]
    rarity: Array
    weights: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples to learn from: features, classes, and how much each counts."""

    features: list[set[str]]
    classes: list[int]
    counts: Array


def learn(sets: Sequence[Labels]) -> Model:
    """Learns a model; the first set is of the kind that it should know best."""
    examples = [_examples(one) for one in sets]
    names, rarity = _vocabulary(examples, sets)
    places = {name: at for at, name in enumerate(names)}
    matrices = [_matrix(one.features, places, rarity) for one in examples]
    nothing = np.zeros((len(names), len(KEYS))), np.zeros(len(KEYS))
    classes = np.array([label for one in examples for label in one.classes])
    counts = np.concatenate([one.counts for one in examples])
    broad = fit(_stacked(matrices), classes, counts, RIDGE, nothing, STEPS)
    own, labels = matrices[0], np.array(examples[0].classes)
    weights, bias = fit(own, labels, examples[0].counts, CHANGE, broad, CHANGE_STEPS)
    return Model(names, rarity, weights, broad[1] + OWN_BIAS * (bias - broad[1]))


def _examples(labels: Labels) -> Examples:
    found, classes = [], []
    for headline in labels.headlines:
        for kind in _kinds(headline):
            found.append(kind)
            classes.append(KEYS.index(min(headline.subjects)))
    many = np.maximum(np.bincount(classes, minlength=len(KEYS)), 1)
    counts = (1.0 / many) ** BALANCE
    chosen = counts[np.array(classes)]
    return Examples(found, classes, chosen / chosen.sum() * labels.share)


_stem = new_stemmer()


def _kinds(headline: Headline) -> Iterator[set[str]]:
    """Yields a headline's features: alone, with its opening, and with the sections of its page."""
    alone = features(headline.title, "", "", _stem)
    whole = features(headline.title, headline.lead, "", _stem) if headline.lead else alone
    located = (
        features(headline.title, headline.lead, headline.url, _stem) if headline.url else whole
    )
    yield from (alone, whole, located)


def _vocabulary(examples: Iterable[Examples], sets: Iterable[Labels]) -> tuple[list[str], Array]:
    """Returns the features that are in enough stories, and how rare each is.

    Sections have to be at several hosts: those of one are its own affair.
    """
    counts: Counter[str] = Counter()
    for one in examples:
        counts.update(name for kind in one.features[2::3] for name in kind)
    total = sum(len(one.features) // 3 for one in examples)
    hosts = defaultdict(set)
    for headline in (headline for labels in sets for headline in labels.headlines):
        for section in sections(headline.url):
            hosts[f"/{section}"].add(headline.url.split("/")[2])
    names = sorted(
        name
        for name, count in counts.items()
        if count >= LEAST and (name[0] != "/" or len(hosts[name]) > 1)
    )
    rarity = np.log(1 + total / np.array([counts[name] for name in names]))
    return names, rarity**RARITY


def _matrix(rows: Sequence[set[str]], places: dict[str, int], rarity: Array) -> Sparse:
    """Returns vectors of length one. A row without a feature gets one that weighs nothing."""
    columns: list[int] = []
    values: list[NDArray[np.float64]] = []
    starts = []
    for row in rows:
        starts.append(len(columns))
        known = sorted(places[name] for name in row if name in places)
        value = rarity[known]
        columns += known or [0]
        values.append(value / np.linalg.norm(value) if known else np.zeros(1))
    return Sparse(np.array(columns), np.concatenate(values), np.array(starts), len(places))


def _stacked(matrices: Sequence[Sparse]) -> Sparse:
    ends = np.cumsum([0, *(len(one.columns) for one in matrices)])
    return Sparse(
        np.concatenate([one.columns for one in matrices]),
        np.concatenate([one.values for one in matrices]),
        np.concatenate([one.starts + end for one, end in zip(matrices, ends, strict=False)]),
        matrices[0].width,
    )


def table(model: Model) -> Weights:
    """Rounds a model to the steps of a table; what says nothing is left out."""
    weighed = model.weights * model.rarity[:, None]
    step = float(np.quantile(np.abs(weighed).max(axis=1), 0.999)) / (LAST - ZERO)
    lengths = model.rarity**2
    length_step = float(lengths.max()) / 92
    lines = (
        f"{name}\t{signs(values.tolist(), step, length, length_step).decode('ascii')}\n"
        for name, values, length in zip(model.names, weighed, lengths.tolist(), strict=True)
    )
    bias = tuple(model.bias.tolist())
    return Weights(KEYS, step, length_step, bias, LineTable(lines))


def read_sets(texts: Sequence[str]) -> list[Labels]:
    """Reads sets of headlines: FILE or FILE:SHARE, the first of the kind that the bot reads."""
    own, *broad = texts
    return [_labels(own, OWN_SHARE), *(_labels(text, SHARE) for text in broad)]


def _labels(text: str, share: float) -> Labels:
    path, _, number = text.rpartition(":")
    return Labels(read_headlines(Path(path or text)), float(number) if path else share)


def main() -> None:
    """Writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("own", help="stories of the kind that the bot reads: FILE")
    parser.add_argument("broad", nargs="*", help="stories of other kinds: FILE or FILE:SHARE")
    parser.add_argument("-o", "--output", type=Path, default=PATH, help="where the table goes")
    arguments = parser.parse_args()
    made = table(learn(read_sets([arguments.own, *arguments.broad])))
    arguments.output.write_text(write(made), encoding="utf-8")


if __name__ == "__main__":
    main()
