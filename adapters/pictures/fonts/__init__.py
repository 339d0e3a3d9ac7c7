"""The fonts of pictures, so that they look the same on a machine that has none."""

from __future__ import annotations

from pathlib import Path

LATIN = Path(__file__).parent / "NotoSans-Regular.ttf"
"""Noto Sans, for Latin, Greek and Cyrillic letters."""

CJK = Path(__file__).parent / "DroidSansFallback.ttf"
"""Droid Sans Fallback, for Chinese, Japanese and Korean."""

FONTS = (LATIN, CJK)
"""The fonts; a character is taken from the first that has it."""
