"""The example configuration, which the wheel carries beside this module."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).with_name("example.toml")
_IN_THE_TREE = Path(__file__).parents[2] / "config.example.toml"  # an editable install has this one


def example_config() -> bytes:
    """Returns the example configuration, UTF-8 TOML with every setting and its default."""
    return (_INSTALLED if _INSTALLED.exists() else _IN_THE_TREE).read_bytes()
