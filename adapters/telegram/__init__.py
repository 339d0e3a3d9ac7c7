"""Telegram: the core's commands and replies as Telegram's readers expect them."""
