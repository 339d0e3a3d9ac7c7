"""The colour of what is from no source in particular."""

from __future__ import annotations

BLUE = 0x1F6FEB
"""The bot's own colour."""
