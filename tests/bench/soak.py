"""Soaks the bot: `dateline run` over both platforms for half an hour, with sources good and bad.

Fifty feeds on local web servers, of which five hang, five lie and five die and come back, are
polled every minute. Three hundred chats follow sources, topics and searches, and some readers ask
questions meanwhile. Platforms, websites and readers are stand-ins in this process, on 127.0.0.1.
Prints what was measured and a verdict for each bar; exits with 1 when one is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.soak_bars import Bar
from bench.soak_report import show_bars
from bench.soak_run import Plan, Soak
from bench.soak_sources import plan_sources
from bench.soak_town import TOKEN, Town
from bench.soak_websites import sources_running
from bench.tables import facts
from servers.discord.limits import Limits as DiscordLimits
from servers.discord.server import discord_server
from servers.telegram.limits import Limits as TelegramLimits
from servers.telegram.server import Server as TelegramServer

_NO_SPEC = Path("none")  # calls are checked against the specifications elsewhere
_PATIENCE = 120.0  # seconds
_HEARTBEAT = 9.0  # seconds; an answer later than 10 is logged by discord.py


async def soak(plan: Plan, folder: Path) -> list[Bar]:
    """Soaks the bot, prints the tables, and returns the verdicts."""
    sources = plan_sources(plan.sources, plan.bad)
    async with (
        TelegramServer(spec=_NO_SPEC, patience=_PATIENCE) as telegram,
        discord_server(token=TOKEN, spec=_NO_SPEC) as discord,
        sources_running(sources),
    ):
        run = Soak(plan, Town(folder, telegram, discord, sources), sources)
        # discord.py takes an answer faster than its own thread for one to the heartbeat before.
        discord.gateway.interval = _HEARTBEAT
        telegram.limits, discord.limits = TelegramLimits(), DiscordLimits()
        bars = await run.run()
        print(f"{facts()}; {plan}")
        run.show()
        show_bars(bars)
    return bars


def main() -> int:
    """Reads the options, and soaks the bot in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("minutes", "pause"):
        parser.add_argument(f"--{name}", type=float, default=getattr(Plan(), name))
    for name in ("sources", "bad", "chats", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan(), name))
    with tempfile.TemporaryDirectory() as folder:
        bars = asyncio.run(soak(Plan(**vars(parser.parse_args())), Path(folder)))
    return int(not all(bar.is_met for bar in bars))


if __name__ == "__main__":
    sys.exit(main())
