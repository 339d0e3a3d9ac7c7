"""Telegram: the core's commands and replies as Telegram's readers expect them."""

import os

# The library gives times as timedeltas in its next version, and warns until this one is asked to.
os.environ.setdefault("PTB_TIMEDELTA", "true")
