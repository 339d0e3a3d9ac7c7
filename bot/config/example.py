"""The example configuration, which the wheel carries beside this module."""

from __future__ import annotations

from pathlib import Path

_IN_THE_TREE = Path(__file__).parents[2] / "config.example.toml"
_INSTALLED = Path(__file__).with_name("example.toml")


def example_config() -> bytes:
    """Returns the example configuration, UTF-8 TOML with every setting and its default."""
    # An editable install has both, and its copy is as old as the install.
    return (_IN_THE_TREE if _IN_THE_TREE.exists() else _INSTALLED).read_bytes()
