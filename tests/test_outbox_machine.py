"""Posts are neither lost nor sent twice, whatever happens in whatever order."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hostile import EXAMPLES
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from outbox_machine import OutboxMachine, make_template


@pytest.mark.slow
@pytest.mark.timeout(60 + 2 * EXAMPLES)
def test_whatever_happens_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    asyncio.run(make_template(tmp_path / "template.db"))

    class Machine(OutboxMachine):
        template = tmp_path / "template.db"

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES // 10,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
