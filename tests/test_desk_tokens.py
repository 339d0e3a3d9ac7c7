"""Tokens of the API: made, told once, used, limited and revoked, by command and on the web."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from newsdesk import TestDesk
from site_login import ANNA, NEWS, OPERATOR, Browser, WebDeskRig, serving_desk
from stories import CHAT

from bot.logins.ports import TOKENS_OF_PERSON
from bot.model import Chat, Person
from bot.reply import Reply

pytestmark = pytest.mark.server

DAY = 86_400


@pytest.fixture
async def rig(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    async with serving_desk(desk, unused_tcp_port) as served:
        yield served


async def says(rig: WebDeskRig, line: str, person: str = ANNA) -> Reply:
    """What the bot answers a person in their private chat."""
    asks = rig.directory.in_private(Person(person, f"Person {person}"))
    return await rig.desk.ask(line, asks, Chat("telegram", person))


async def makes(rig: WebDeskRig, label: str = "weekly report", person: str = ANNA) -> str:
    """A new token of a person."""
    made = await says(rig, f"/desk token {label}", person)
    assert made.ok, made.text
    return made.text[0]


async def status(rig: WebDeskRig, token: str, path: str = "/api/desk") -> int:
    browser = rig.browser()
    return (await browser.get(path, Authorization=f"Bearer {token}")).status


async def test_a_token_is_told_once_and_kept_nowhere(rig: WebDeskRig) -> None:
    token = await makes(rig)
    assert token.startswith("dateline_")
    assert await status(rig, token) == 200
    listed = await says(rig, "/desk tokens")
    assert [(one.name, one.text) for one in listed.entries] == [
        ("weekly report", "made 1 minute ago, never used")
    ]
    assert token not in str(listed)
    assert await rig.desk.store.logins.token(token) is None


async def test_what_it_is_for_is_asked_and_cut_to_a_line(rig: WebDeskRig) -> None:
    asked = await says(rig, "/desk token")
    assert asked.prompt
    assert asked.prompt.question == "What is the new token for?"
    answer = dict(asked.prompt.answered("a\n report \0" + "x" * 90).options)
    asks = rig.directory.in_private(Person(ANNA, "Anna"))
    chat = Chat("telegram", ANNA)
    made = await rig.desk.dispatcher.dispatch("desk", answer, asks, chat)
    assert made.title.startswith("Token for a report xxx")
    assert len((await says(rig, "/desk tokens")).entries[0].name) == 40


@pytest.mark.parametrize("typed", ["weekly report", "WEEKLY  Report"])
async def test_a_token_that_is_revoked_opens_nothing(rig: WebDeskRig, typed: str) -> None:
    token, other = await makes(rig), await makes(rig, "other")
    revoked = await says(rig, f"/desk revoke {typed}")
    assert revoked.text == ("“weekly report” is revoked: it opens nothing any more.",)
    assert [await status(rig, one) for one in (token, other)] == [401, 200]
    again = await says(rig, "/desk revoke weekly report")
    assert (again.ok, again.text) == (False, ("You have no token “weekly report”.",))


async def test_nobody_revokes_the_token_of_another(rig: WebDeskRig) -> None:
    token = await makes(rig)
    assert not (await says(rig, "/desk revoke weekly report", OPERATOR)).ok
    assert not (await says(rig, "/desk tokens", OPERATOR)).entries
    assert await status(rig, token) == 200


async def test_a_new_one_of_the_same_name_ends_the_one_before(rig: WebDeskRig) -> None:
    old, new = await makes(rig), await makes(rig)
    assert [await status(rig, one) for one in (old, new)] == [401, 200]


async def test_there_are_so_many_at_most(rig: WebDeskRig) -> None:
    for n in range(TOKENS_OF_PERSON):
        await makes(rig, f"number {n}")
    refused = await says(rig, "/desk token one more")
    assert (refused.ok, refused.text) == (
        False,
        ("That is one too many: a person can have 5. Revoke one first.",),
    )


@pytest.mark.parametrize("line", ["/desk toekn x", "/desk please let me in"])
async def test_what_is_no_verb_makes_nothing(rig: WebDeskRig, line: str) -> None:
    told = await says(rig, line)
    assert not told.ok
    assert "doesn't take" in told.text[0]


async def test_tokens_are_for_who_runs_or_moderates_something_in_private(rig: WebDeskRig) -> None:
    assert not (await says(rig, "/desk token x", "44")).ok
    in_group = await rig.desk.ask("/desk token x", Person(ANNA, moderator=True), NEWS)
    assert in_group.text == ("Please send me /desk in our private chat.",)
    staff = Person(OPERATOR, host=True, operator=True)
    assert (
        "only on Telegram and Discord" in (await rig.desk.ask("/desk tokens", staff, CHAT)).text[0]
    )


async def test_a_token_ends_when_it_rests_and_not_while_it_is_used(rig: WebDeskRig) -> None:
    busy, resting = await makes(rig, "busy"), await makes(rig, "resting")
    for _ in range(4):
        rig.desk.clock.pass_(30 * DAY)
        assert await status(rig, busy) == 200
    assert await status(rig, resting) == 401
    listed = await says(rig, "/desk tokens")
    assert [(one.name, one.text) for one in listed.entries] == [
        ("busy", "made 4 months ago, last used 1 minute ago")
    ]


async def test_who_is_demoted_has_no_token_any_more_and_gets_none_back(rig: WebDeskRig) -> None:
    token = await makes(rig)
    rig.directory.moderators[NEWS.id].clear()
    assert await status(rig, token) == 401
    rig.directory.moderators[NEWS.id].add(ANNA)
    assert await status(rig, token) == 401


async def test_on_the_web_they_are_made_shown_once_and_revoked(rig: WebDeskRig) -> None:
    browser: Browser = await rig.logged_in(ANNA)
    page = await browser.get(f"/desk/tokens?chat={NEWS.id}")
    assert page.words("//h1") == ["Your tokens"]
    asked = await browser.press(page, "New token")
    (form,) = asked.page.xpath("//form[@class='asking']")
    fields = {**dict(form.form_values()), "line": "report <b>x</b>"}
    made = await browser.post(form.get("action"), fields)
    token = made.words("//p[@class='told']")[0]
    assert await status(rig, token) == 200
    listed = await browser.get("/desk/tokens")
    assert token not in listed.text
    assert [one.name for one in (await says(rig, "/desk tokens")).entries] == ["report <b>x</b>"]
    revoked = await browser.press(listed, "Revoke report <b>x</b>")
    assert "is revoked" in revoked.text
    assert await status(rig, token) == 401


async def test_no_link_is_given_at_the_desk_itself(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(ANNA)
    page = await browser.get("/desk")
    fields = dict(page.page.xpath("//form[@class='line']")[0].form_values())
    for line, told in (("/desk", "That is for a chat"), ("/desk tokens", "Your tokens")):
        assert told in (await browser.post("/desk/do", {**fields, "line": line})).text, line
