"""Posts are neither lost nor sent twice, whatever happens in whatever order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hostile import EXAMPLES
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from outbox_machine import OutboxMachine, prepare
from outbox_sites import OpenSite, postgres_sites, sqlite_sites
from postgres_server import find_binaries

from bot.chat.ports import Store

SITES: dict[str, Callable[[Path, Callable[[Store], Awaitable[None]]], OpenSite]] = {
    "sqlite": sqlite_sites,
    "postgres": postgres_sites,
}


@pytest.mark.slow
@pytest.mark.timeout(60 + 2 * EXAMPLES)
@pytest.mark.parametrize(
    ("site", "share"),
    [("sqlite", 10), pytest.param("postgres", 40, marks=pytest.mark.server)],
    ids=["sqlite", "postgres"],
)
def test_whatever_happens_nothing_is_lost_and_nothing_comes_twice(
    tmp_path: Path, site: str, share: int
) -> None:
    if site == "postgres" and find_binaries() is None:
        pytest.skip("PostgreSQL's server is not installed")

    class Machine(OutboxMachine):
        open_site = staticmethod(SITES[site](tmp_path, prepare))

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=max(1, EXAMPLES // share),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
