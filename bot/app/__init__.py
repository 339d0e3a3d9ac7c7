"""The composition root: builds the application from its parts; only it sees all of them."""

from __future__ import annotations

from bot.app.application import App
from bot.app.assembly import open_app
from bot.app.checkup import examine
from bot.app.configuration import SAMPLES, load_config
from bot.app.enrichment import make_assigner, make_summariser
from bot.app.extras import NO_EXTRA, Extra
from bot.app.memory import limit_arenas
from bot.app.moving import copy_store
from bot.app.platforms import require_token
from bot.app.stores import store_files

__all__ = [
    "NO_EXTRA",
    "SAMPLES",
    "App",
    "Extra",
    "copy_store",
    "examine",
    "limit_arenas",
    "load_config",
    "make_assigner",
    "make_summariser",
    "open_app",
    "require_token",
    "store_files",
]
