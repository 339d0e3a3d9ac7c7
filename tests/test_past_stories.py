"""Which past stories of a source are new, and how far its backfill is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsdesk import TestDesk
from stories import NOW

from bot.ingest.backfill import BackfillProgress
from bot.ingest.change_detection import decide
from bot.ingest.past_stories import decide_past
from bot.model import Story, story_id


async def test_progress_is_kept_for_each_source(desk: TestDesk) -> None:
    backfills = desk.store.backfills
    assert await backfills.progress("a") == BackfillProgress()
    await backfills.keep_progress("a", BackfillProgress(NOW, 5))
    await backfills.keep_progress("b", BackfillProgress(None, 0, is_done=True))
    await backfills.keep_progress("a", BackfillProgress(NOW - timedelta(1), 7))
    assert await backfills.progress("a") == BackfillProgress(NOW - timedelta(1), 7)
    assert (await backfills.progress("b")).is_done


def story(key: str, url: str) -> Story:
    return Story(story_id("bay", key), "bay", key, f"Title of {key}", NOW, url=url)


@pytest.mark.parametrize(
    ("key", "url", "is_new"),
    [
        ("1", "https://e.org/other", False),
        ("2", "https://e.org/one", False),
        ("2", "http://www.e.org/one/?utm_source=rss", False),
        ("2", "https://e.org/two", True),
        ("2", "", True),
    ],
)
def test_a_story_is_known_by_its_key_or_its_page(key: str, url: str, *, is_new: bool) -> None:
    known = decide({}, [story("1", "https://e.org/one")]).new[0].fingerprint
    decision = decide_past({"1": known}, [story(key, url)], NOW)
    assert (len(decision.new), decision.changed, decision.news) == (is_new, (), ())
