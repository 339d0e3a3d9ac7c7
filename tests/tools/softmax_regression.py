"""Softmax regression over sparse features: a linear model of classes, fitted by L-BFGS."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_MEMORY = 8  # pairs of steps that L-BFGS keeps


@dataclass(frozen=True, slots=True)
class Sparse:
    """A matrix by rows, each of which has an entry at least, and its transpose.

    Attributes:
        columns: The column of each entry.
        values: The entries.
        starts: Where each row begins.
        width: How many columns there are.
    """

    columns: NDArray[np.int64]
    values: Array
    starts: NDArray[np.int64]
    width: int

    def dot(self, weights: Array) -> Array:
        """Multiplies with weights, a row for each column."""
        return np.add.reduceat(weights[self.columns] * self.values[:, None], self.starts)

    def transposed(self) -> Callable[[Array], Array]:
        """Returns what multiplies the transpose with a matrix of as many rows."""
        order = np.argsort(self.columns, kind="stable")
        lengths = np.diff(np.append(self.starts, len(self.columns)))
        rows = np.repeat(np.arange(len(self.starts)), lengths)[order]
        values, columns = self.values[order], self.columns[order]
        used, starts = np.unique(columns, return_index=True)

        def multiply(matrix: Array) -> Array:
            found = np.zeros((self.width, matrix.shape[1]))
            found[used] = np.add.reduceat(matrix[rows] * values[:, None], starts)
            return found

        return multiply


def fit(
    examples: Sparse,
    classes: NDArray[np.int64],
    counts: Array,
    ridge: float,
    start: tuple[Array, Array],
    steps: int,
) -> tuple[Array, Array]:
    """Returns weights and biases that make the classes likely.

    Args:
        examples: The features of each example.
        classes: The class of each.
        counts: How much each counts.
        ridge: What is paid for the square of each change of a weight from where it starts.
        start: The weights and the biases to start from.
        steps: The most steps of L-BFGS.
    """
    many = start[1].size
    truth = np.eye(many)[classes] * (counts / counts.sum())[:, None]
    share = (counts / counts.sum())[:, None]
    transpose = examples.transposed()
    before = examples.dot(start[0]) + start[1]

    def loss(point: Array) -> tuple[float, Array]:
        change, shift = point[:-many].reshape(-1, many), point[-many:]
        scores = before + examples.dot(change) + shift
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        total = odds.sum(axis=1, keepdims=True)
        value = float((share * np.log(total)).sum() - (truth * scores).sum())
        slope = share * odds / total - truth
        gradient = np.append((transpose(slope) + ridge * change).ravel(), slope.sum(axis=0))
        return value + ridge / 2 * float((change**2).sum()), gradient

    found = minimise(loss, np.zeros(examples.width * many + many), steps)
    return start[0] + found[:-many].reshape(-1, many), start[1] + found[-many:]


def minimise(loss: Callable[[Array], tuple[float, Array]], point: Array, steps: int) -> Array:
    """Minimises a smooth function by L-BFGS (Nocedal and Wright, Numerical Optimization, 7.2).

    Args:
        loss: Returns the function's value and gradient at a point.
        point: Where to begin.
        steps: The most steps.
    """
    value, gradient = loss(point)
    known: deque[tuple[Array, Array]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        way = -_newton_like(gradient, known)
        descent = float(way @ gradient)
        length = 1.0 if known else min(1.0, 1 / float(np.abs(gradient).sum() or 1))
        while True:
            there = point + length * way
            new, slope = loss(there)
            if new <= value + 1e-4 * length * descent or length < 1e-6:
                break
            length /= 2
        if float((there - point) @ (slope - gradient)) > 0:
            known.append((there - point, slope - gradient))
        point, value, gradient = there, new, slope
    return point


def _newton_like(gradient: Array, known: Sequence[tuple[Array, Array]]) -> Array:
    """Returns the gradient, divided by the curvature that the last steps have shown."""
    way, shares = gradient.copy(), []
    for step, change in reversed(known):
        share = float(step @ way) / float(step @ change)
        way -= share * change
        shares.append(share)
    if known:
        step, change = known[-1]
        way *= float(step @ change) / float(change @ change)
    for (step, change), share in zip(known, reversed(shares), strict=True):
        way += (share - float(change @ way) / float(step @ change)) * step
    return way
