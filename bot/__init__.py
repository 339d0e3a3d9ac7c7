"""Dateline's core: what the bot knows and says, with no platform, network or database in it."""

__version__ = "0.1.0"
