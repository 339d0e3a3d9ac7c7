"""A desk over a real store, with sources that are scripted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings
from newsdesk import TestDesk, desk_over

# No test has a time limit: an example may take its time on a busy machine.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    """A desk with no stories, two sources and two topics."""
    async with desk_over(tmp_path / "dateline.db") as opened:
        yield opened
