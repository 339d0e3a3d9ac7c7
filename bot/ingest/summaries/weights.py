"""Weights of the features of passages; made by `tests/tools/summary_weights.py`."""

WEIGHTS: dict[str, float] = {
    "bias": 0.186,
    "first": -0.030,
    "early": 0.178,
    "late": -0.067,
    "title recall": 0.118,
    "title precision": 0.296,
    "recurring pairs": 0.119,
    "length": -0.066,
    "short": -0.050,
    "long": -0.024,
    "capitals": -0.069,
    "connective": -0.020,
    "function words": 0.078,
}
"""The weight of each feature, by the names in `bot.ingest.summaries.features`."""
