"""What every store must do with links and sessions of the desk on the web."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from stores import OpenStore, open_store, store
from stories import NOW

from bot.chat.ports import Store
from bot.logins.ports import (
    KEPT_OF_PERSON,
    KEPT_TOKENS,
    LINK_FOR,
    LONGEST,
    REST,
    TOKEN_REST,
    TOKENS_OF_PERSON,
    ApiToken,
    LoginSession,
    Visitor,
)
from bot.model import Person

__all__ = ["open_store", "store"]

ADA, BEN = Visitor("x", "1", "Ada", "own"), Visitor("x", "2", "", "own of Ben")
UNTIL, SECOND = NOW + LINK_FOR, timedelta(seconds=1)
SESSION = LoginSession("key", ADA, NOW, NOW)
TOKEN = ApiToken("report", replace(SESSION, key="token"))


def token(key: str, label: str = "", visitor: Visitor = ADA, used: datetime = NOW) -> ApiToken:
    return ApiToken(label or key, LoginSession(key, visitor, NOW, used))


async def test_a_link_is_taken_once(store: Store) -> None:
    await store.logins.add_link("a", ADA, UNTIL)
    await store.logins.add_link("b", BEN, UNTIL)
    assert await store.logins.take_link("a", NOW) == ADA
    assert await store.logins.take_link("a", NOW) is None
    assert await store.logins.take_link("c", NOW) is None
    assert await store.logins.take_link("b", UNTIL - SECOND) == BEN


async def test_a_link_that_is_too_old_or_not_the_last_is_none(store: Store) -> None:
    await store.logins.add_link("a", ADA, UNTIL)
    await store.logins.add_link("b", ADA, UNTIL)
    assert await store.logins.take_link("a", NOW) is None
    assert await store.logins.take_link("b", UNTIL) is None


async def test_sessions_survive_a_restart_as_they_were(open_store: OpenStore) -> None:
    first = await open_store()
    changed = replace(SESSION, used=NOW + SECOND, place="-1")
    await first.logins.add_session(SESSION)
    await first.logins.update_session(changed)
    second = await open_store()
    assert await second.logins.session("key") == changed
    assert await second.logins.session("other") is None


async def test_a_session_that_has_ended_stays_so(store: Store) -> None:
    await store.logins.add_session(SESSION)
    await store.logins.end_session("key")
    await store.logins.update_session(replace(SESSION, place="-1"))
    assert await store.logins.session("key") is None


async def test_all_of_a_person_ends_and_nothing_of_others(store: Store) -> None:
    elsewhere = replace(ADA, platform="y")
    for key, visitor in (("a", ADA), ("b", ADA), ("c", BEN), ("d", elsewhere)):
        await store.logins.add_session(replace(SESSION, key=key, visitor=visitor))
        await store.logins.add_token(token(f"token {key}", visitor=visitor))
    await store.logins.add_link("link", ADA, UNTIL)
    await store.logins.end_all("x", "1")
    tokens = [key for key in "abcd" if await store.logins.token(f"token {key}")]
    assert tokens == ["c", "d"]
    left = [key for key in "abcd" if await store.logins.session(key)]
    assert left == ["c", "d"]
    assert await store.logins.take_link("link", NOW) is None


async def test_a_person_has_so_many_sessions_those_used_last(store: Store) -> None:
    await store.logins.add_session(replace(SESSION, key="of Ben", visitor=BEN))
    for n in range(KEPT_OF_PERSON + 2):
        at = NOW + n * SECOND
        await store.logins.add_session(replace(SESSION, key=str(n), began=at, used=at))
        await store.logins.update_session(replace(SESSION, key="0", used=NOW + timedelta(hours=1)))
    left = [n for n in range(KEPT_OF_PERSON + 2) if await store.logins.session(str(n))]
    assert left == [0, *range(3, KEPT_OF_PERSON + 2)]
    assert await store.logins.session("of Ben")


async def test_what_is_over_goes_with_the_next_login(store: Store) -> None:
    await store.logins.add_session(replace(SESSION, key="rests"))
    kept = replace(SESSION, key="busy", used=NOW + LONGEST - SECOND)
    await store.logins.add_session(kept)
    now = NOW + REST
    await store.logins.add_session(replace(SESSION, key="new", visitor=BEN, began=now, used=now))
    assert [key for key in ("rests", "busy") if await store.logins.session(key)] == ["busy"]
    now = NOW + LONGEST
    await store.logins.add_session(replace(SESSION, key="newer", visitor=BEN, began=now, used=now))
    assert await store.logins.session("busy") is None


async def test_a_person_is_told_of_them_and_may_have_them_deleted(store: Store) -> None:
    await store.logins.add_session(SESSION)
    await store.logins.add_session(replace(SESSION, key="of Ben", visitor=BEN))
    await store.logins.add_link("link", ADA, UNTIL)
    await store.logins.add_token(TOKEN)
    kept = await store.privacy.kept("x", Person("1"), None)
    assert (kept.sessions, kept.tokens) == (2, 1)
    await store.privacy.forget("x", Person("1"), None, NOW)
    kept = await store.privacy.kept("x", Person("1"), None)
    assert (kept.sessions, kept.tokens) == (0, 0)
    assert await store.logins.session("of Ben")


async def test_tokens_survive_a_restart_as_they_were(open_store: OpenStore) -> None:
    first = await open_store()
    assert await first.logins.add_token(TOKEN)
    used = replace(TOKEN.session, used=NOW + SECOND, place="-1")
    await first.logins.update_session(used)
    second = await open_store()
    assert await second.logins.token("token") == replace(TOKEN, session=used)
    assert await second.logins.tokens("x", "1") == [replace(TOKEN, session=used)]
    assert await second.logins.token("other") is None
    assert await second.logins.session("token") is None  # it is no browser's


async def test_a_new_token_takes_the_place_of_the_one_of_its_name(store: Store) -> None:
    for one in (token("a", "report"), token("b", "report"), token("of Ben", "report", BEN)):
        assert await store.logins.add_token(one)
    assert [one.session.key for one in await store.logins.tokens("x", "1")] == ["b"]
    assert await store.logins.token("of Ben")


async def test_a_person_has_so_many_tokens_and_none_of_them_goes_unasked(store: Store) -> None:
    for n in range(TOKENS_OF_PERSON):
        assert await store.logins.add_token(token(str(n)))
    assert not await store.logins.add_token(token("one more"))
    assert await store.logins.add_token(token("of Ben", visitor=BEN))
    assert await store.logins.add_token(token("again", "0"))
    await store.logins.end_token("1")
    assert await store.logins.add_token(token("one more"))
    left = {one.label for one in await store.logins.tokens("x", "1")}
    assert left == {"0", "2", "3", "4", "one more"}


async def test_all_together_have_so_many_tokens(store: Store) -> None:
    people = [replace(ADA, person=str(n)) for n in range(KEPT_TOKENS // TOKENS_OF_PERSON)]
    for visitor in people:
        for n in range(TOKENS_OF_PERSON):
            assert await store.logins.add_token(token(f"{visitor.person} {n}", visitor=visitor))
    assert not await store.logins.add_token(token("of Ben", visitor=replace(BEN, platform="y")))


async def test_tokens_that_rested_go_with_the_next_one(store: Store) -> None:
    await store.logins.add_token(token("rests"))
    await store.logins.add_token(token("busy"))
    await store.logins.update_session(replace(SESSION, key="busy", used=NOW + SECOND))
    await store.logins.add_token(token("new", visitor=BEN, used=NOW + TOKEN_REST))
    assert [one.label for one in await store.logins.tokens("x", "1")] == ["busy"]
