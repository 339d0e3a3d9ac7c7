"""A desk over a real store, with sources that are scripted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    """A desk with no stories, two sources and two topics."""
    async with desk_over(tmp_path / "dateline.db") as opened:
        yield opened
