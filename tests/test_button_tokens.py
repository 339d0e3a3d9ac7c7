from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.button_tokens import ActionTokens
from bot.model import Action
from store.sqlite import SqliteStore

LIMITS = (32, 64, 100)
LONG = Action("search", (("words", "crematorium " * 20), ("page", "2")))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(tmp_path / "dateline.db")
    yield opened
    await opened.aclose()


@pytest.fixture
def tokens(store: SqliteStore) -> ActionTokens:
    return ActionTokens(store.chats)


ODD = st.sampled_from(["%", "&", "=", "?", "#", "%26", "+", " ", "\n", "\0", "é", "🧵", "\ud800"])
TEXTS = st.one_of(
    st.text(max_size=40), st.lists(ODD, max_size=12).map("".join), st.text(min_size=60, max_size=90)
)
NAMES = st.one_of(
    st.sampled_from(["latest", "search", "#x", "a?b"]), st.text("a%&=?#é", min_size=1)
)
ACTIONS = st.builds(Action, NAMES, st.lists(st.tuples(TEXTS, TEXTS), max_size=4).map(tuple))


def carried(action: Action) -> Action:
    """An action without what no platform carries, and no reader ever sees."""

    def kept(text: str) -> str:
        return "".join(sign for sign in text if sign != "\0" and not "\ud800" <= sign <= "\udfff")

    return Action(action.command, tuple((kept(k), kept(v)) for k, v in action.options))


async def _there_and_back(path: Path, actions: list[Action]) -> None:
    store = await SqliteStore.open(path)
    try:
        before = ActionTokens(store.chats)
        tokens = {(one, limit): before.token(one, limit) for one in actions for limit in LIMITS}
        await before.flush()
        after = ActionTokens(store.chats)
        for (action, limit), token in tokens.items():
            assert len(token.encode()) <= limit
            for known in (before, after):
                found = await known.action(token)
                assert found == carried(action)
            assert after.token(action, limit) == token
        await after.flush()
    finally:
        await store.aclose()


@settings(max_examples=20, deadline=None)
@given(st.lists(ACTIONS, max_size=30))
@example([Action("search", (("words", "100% sure? a=b&c #1 🧵"),)), Action("latest"), LONG])
@example([Action("search", (("words", "\ud83e\udd00 \0" * 40),))])
def test_every_action_comes_back_within_the_limit_and_after_a_restart(
    tmp_path_factory: pytest.TempPathFactory, actions: list[Action]
) -> None:
    path = tmp_path_factory.mktemp("tokens") / "dateline.db"
    asyncio.run(_there_and_back(path, actions))


async def test_a_short_action_says_all_by_itself(tokens: ActionTokens) -> None:
    action = Action("search", (("words", "osaka & expo"), ("page", "2")))
    assert tokens.token(action, 64) == "search?words=osaka %26 expo&page=2"
    assert tokens.token(Action("latest"), 64) == "latest"


async def test_the_limit_is_of_bytes_not_of_letters(tokens: ActionTokens) -> None:
    action = Action("search", (("words", "東京" * 10),))
    assert len(str(action)) < 64
    assert tokens.token(action, 64).startswith("#")
    assert not tokens.token(action, 100).startswith("#")
    await tokens.flush()


async def test_different_actions_have_different_tokens(tokens: ActionTokens) -> None:
    pages = [Action("search", (("words", "x" * 100), ("page", str(n)))) for n in range(1_000)]
    assert len({tokens.token(one, 64) for one in pages}) == 1_000
    await tokens.flush()


async def test_what_was_not_saved_is_known_until_the_process_ends(
    tokens: ActionTokens, store: SqliteStore
) -> None:
    token = tokens.token(LONG, 64)
    assert await tokens.action(token) == LONG
    assert await ActionTokens(store.chats).action(token) is None
    await tokens.flush()
    assert await ActionTokens(store.chats).action(token) == LONG


async def test_memory_holds_the_last_ten_thousand_and_the_store_the_rest(
    tokens: ActionTokens,
) -> None:
    first = tokens.token(LONG, 64)
    await tokens.flush()
    for n in range(10_000):
        tokens.token(Action("search", (("words", f"{n:0100}"),)), 64)
    assert await tokens.action(first) == LONG
    await tokens.flush()


@pytest.mark.parametrize(
    "token",
    ["", "?", "?a=b", "latest?x", "latest?a=b&", "#", "#" + "0" * 30, "#" + "0" * 29, "#\ud800"],
)
async def test_what_is_no_token_stands_for_nothing(tokens: ActionTokens, token: str) -> None:
    assert await tokens.action(token) is None


async def _any_texts(path: Path, texts: list[str]) -> None:
    store = await SqliteStore.open(path)
    try:
        for text in texts:
            found = await ActionTokens(store.chats).action(text)
            assert found is None or found.command
    finally:
        await store.aclose()


ANY = st.text(st.characters(), max_size=60)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(ANY, ANY.map(lambda text: f"#{text}"), ANY.map("latest?{}".format))))
def test_no_forged_token_does_harm(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    asyncio.run(_any_texts(tmp_path_factory.mktemp("tokens") / "dateline.db", texts))
