"""Layout of labels in a column: as near to what each names as is possible without overlaps."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Returns heights at least `gap` apart, in the given order, with the least squared moves.

    That is an isotonic regression, by pooling adjacent violators (Ayer et al., 1955).

    Args:
        wanted: Where each should be, from the top down.
        gap: The least distance between two.
        low: The least height of all.
        high: The greatest; where there is too little room, those at the end go beyond it.
    """
    pools: list[tuple[float, int]] = []  # the mean of some wanted heights, and how many they are
    for at, height in enumerate(wanted):
        pools.append((height - at * gap, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (mean, count), (before, more) = pools.pop(), pools.pop()
            pools.append(((mean * count + before * more) / (count + more), count + more))
    room = max(low, high - (len(wanted) - 1) * gap)
    flat = [min(max(mean, low), room) for mean, count in pools for _ in range(count)]
    return [height + at * gap for at, height in enumerate(flat)]
