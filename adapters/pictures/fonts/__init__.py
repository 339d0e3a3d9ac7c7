"""The fonts of pictures, so that they look the same on a machine that has none."""

from __future__ import annotations

_FOLDER = __file__.removesuffix("__init__.py")  # without pathlib, which takes time to import

LATIN = f"{_FOLDER}NotoSans-Regular.ttf"
"""Noto Sans, for Latin, Greek and Cyrillic letters."""

CJK = f"{_FOLDER}DroidSansFallback.ttf"
"""Droid Sans Fallback, for Chinese, Japanese and Korean."""

FONTS = (LATIN, CJK)
"""The fonts; a character is taken from the first that has it."""
