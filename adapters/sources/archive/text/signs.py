"""The signs that lines of an archive are told by."""

from __future__ import annotations

DASHES = "-‐‑‒–—―−─━－"
"""The signs that are printed for a dash, hyphens included; ready for a class of a pattern."""

CLOSING_BRACKETS = "’”\"')]}»›」』）】"
FULL_STOPS = ".…。．؟۔।"
PAUSES = ",;:，；：、"
EXCLAMATIONS = "!?！？"
LIST_MARKS = (*DASHES, *"•*·")
