"""Weights of the features of passages; made by `tests/tools/summary_weights.py`."""

WEIGHTS: dict[str, float] = {
    "bias": 0.196,
    "early": 0.142,
    "late": -0.078,
    "title recall": 0.115,
    "title precision": 0.297,
    "recurring pairs": 0.119,
    "length": -0.065,
    "short": -0.050,
    "long": -0.024,
    "capitals": -0.069,
    "connective": -0.020,
    "function words": 0.077,
}
"""The weight of each feature, by the names in `bot.ingest.summaries.features`."""
