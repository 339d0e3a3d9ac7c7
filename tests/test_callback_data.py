"""What Telegram's buttons say at a press: the action, and who asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import TestDesk

from adapters.telegram.callback_data import (
    ADMINISTRATORS,
    MAX_CALLBACK_DATA,
    callback_data,
    parse_callback_data,
)
from bot.chat.button_tokens import ActionTokens
from bot.model import Action

ASKERS = (None, ADMINISTRATORS, 1, 35, 36, 5_000_000_001, 2**52 - 1)
ACTIONS = (
    Action("latest"),
    Action("latest", (("page", "2"),)),
    Action("search", (("words", "who? what? a=b&c #d %"),)),
    Action("search", (("words", "osaka expo " * 30), ("page", "12"))),
)


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("action", ACTIONS)
async def test_it_says_both_and_fits(desk: TestDesk, action: Action, asker: int | None) -> None:
    tokens = ActionTokens(desk.store.chats)
    data = callback_data(action, tokens, asker)
    assert len(data.encode()) <= MAX_CALLBACK_DATA
    told = parse_callback_data(data)
    assert told.asker == asker
    await tokens.flush()
    assert await ActionTokens(desk.store.chats).action(told.token) == action  # after a restart


@given(st.text(max_size=64))
def test_whatever_comes_is_taken_for_something(data: str) -> None:
    told = parse_callback_data(data)
    assert told.asker is None or told.asker >= 0
    assert data.endswith(told.token)
