"""Logging in at the desk on the web, and all who are not to get in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from newsdesk import TestDesk, twelve
from site_login import ANNA, BEN, NEWS, OPERATOR, TALK, WebDeskRig, serving_desk

pytestmark = pytest.mark.server


@pytest.fixture
async def rig(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    await twelve(desk)
    async with serving_desk(desk, unused_tcp_port) as served:
        yield served


PATHS = ["", "/subscriptions", "/sources", "/stories", "/posts", "/why?q=story", "/topics",
         "/trends", "/audit", "/settings"]


async def test_all_pages_are_shown_to_who_has_logged_in(rig: WebDeskRig) -> None:
    for person in (OPERATOR, ANNA):
        browser = await rig.logged_in(person)
        for path in PATHS:
            answer = await browser.get(f"/desk{path}")
            assert answer.status == 200, (path, answer.text)
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.words("//nav//a[@aria-current]"), path
