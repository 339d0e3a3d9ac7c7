"""The commands, each declared once; `REGISTRY` lists them as people see them listed."""

from __future__ import annotations

from bot.commands.help import HELP
from bot.commands.latest import LATEST
from bot.commands.read import READ
from bot.commands.registry import Registry
from bot.commands.related import RELATED
from bot.commands.reload import RELOAD
from bot.commands.search import SEARCH
from bot.commands.settings import SETTINGS_COMMAND
from bot.commands.sources import SOURCES
from bot.commands.topic import TOPIC, TOPICS

REGISTRY = Registry(
    (LATEST, SEARCH, TOPIC, TOPICS, READ, RELATED, SOURCES, HELP, SETTINGS_COMMAND, RELOAD)
)
