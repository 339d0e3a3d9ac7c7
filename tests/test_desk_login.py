"""Logging in at the desk on the web, and all who are not to get in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from newsdesk import TestDesk
from site_desk import BASE, Answer
from site_login import ANNA, BEN, NEWS, OPERATOR, TALK, Browser, WebDeskRig, serving_desk
from stories import CHAT

from bot.chat.staff import Staff
from bot.logins.logins import Logins
from bot.logins.token_hash import hash_token
from bot.model import Chat, Person

pytestmark = pytest.mark.server

DAY, HOUR = 86_400, 3_600
LOG_IN, CLOSED = "Log in", "The desk is closed"
FOLLOWS = '["subscribe",[["what","wire"],["confirm","on"]]]'


@pytest.fixture
async def rig(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    async with serving_desk(desk, unused_tcp_port) as served:
        yield served


def heading(answer: Answer) -> str:
    return answer.words("//h1")[0]


async def forms(browser: Browser) -> dict[str, str]:
    """The fields that all forms of somebody's pages have."""
    page = await browser.get("/desk")
    return dict(page.page.xpath("//form[@class='line']")[0].form_values())


async def test_a_link_is_used_up_by_its_button_alone_and_once(rig: WebDeskRig) -> None:
    link, browser = await rig.link(OPERATOR, "Ada"), rig.browser()
    preview = "TelegramBot (like TwitterBot)"
    looks = [await browser.get(link, User_Agent=preview) for _ in range(3)]
    page = await browser.get(link)
    assert {(one.status, heading(one)) for one in (*looks, page)} == {(200, "Log in at the desk")}
    entered = await browser.press(page, LOG_IN)
    assert (entered.status, entered.headers["Location"]) == (303, "/desk")
    home = await browser.get("/desk")
    assert (home.status, heading(home)) == (200, "Status")
    assert home.words("//p[@class='who']") == ["Ada"]
    other = rig.browser()
    replayed = await other.press(page, LOG_IN)
    assert (replayed.status, heading(replayed)) == (403, "This link is no good any more")
    assert (await other.get("/desk")).status == 403


async def test_a_link_is_good_for_ten_minutes_and_until_the_next_one(rig: WebDeskRig) -> None:
    browser = rig.browser()
    old = await browser.get(await rig.link(OPERATOR))
    new = await browser.get(await rig.link(OPERATOR))
    assert (await browser.press(old, LOG_IN)).status == 403
    rig.desk.clock.pass_(600)
    assert (await browser.press(new, LOG_IN)).status == 403
    just = await browser.get(await rig.link(OPERATOR))
    rig.desk.clock.pass_(599)
    assert (await browser.press(just, LOG_IN)).status == 303


async def test_links_are_for_who_runs_or_moderates_something_in_private(rig: WebDeskRig) -> None:
    asks = rig.desk.ask
    in_group = await asks("/desk", Person(ANNA, moderator=True), NEWS)
    assert in_group.text == ("Please send me /desk in our private chat.",)
    stranger = await asks("/desk", Person("44", host=True), Chat("telegram", "44"))
    assert not stranger.ok
    assert "for operators, and for moderators" in stranger.text[0]
    elsewhere = await asks("/desk", Person("11", host=True, operator=True), CHAT)
    assert not elsewhere.entries
    rig.desk.dispatcher.services.logins = None
    closed = await asks("/desk", Person(ANNA, host=True), Chat("telegram", ANNA))
    assert closed.entries == ()
    assert "no desk on the web here" in closed.text[0]


@pytest.mark.parametrize(
    "path", ["", "/", "/subscriptions", "/sources", "/audit", "/picture", "/do", "/no-such", "/a/b"]
)
async def test_nobody_sees_a_page_without_a_session(rig: WebDeskRig, path: str) -> None:
    answer = await rig.browser().get(f"/desk{path}")
    assert (answer.status, heading(answer)) == (403, CLOSED)
    assert "/desk to the bot in a private chat" in answer.text


async def test_forged_cookies_open_nothing_and_are_limited(rig: WebDeskRig) -> None:
    real = await rig.logged_in(OPERATOR)
    (name,) = real.cookies
    right = real.cookies[name]
    for token in ("x", "", hash_token(right), right[:-1], f"{right}x", "é" * 500, "0' OR 1"):
        browser = Browser(rig.address, rig.session, {name: token})
        assert (await browser.get("/desk")).status == 403, token
    known = Browser(rig.address, rig.session, {name: "x"})
    await known.get("/desk")
    assert not known.cookies  # it is taken away
    last = 0
    for n in range(20):
        last = (await Browser(rig.address, rig.session, {name: f"guess{n}"}).get("/desk")).status
    assert last == 429
    assert (await real.get("/desk")).status == 200  # whoever is in stays in


async def test_keys_of_links_cannot_be_tried_out(rig: WebDeskRig) -> None:
    right = (await rig.link(OPERATOR)).rpartition("/")[2]
    browser = rig.browser()
    told = [(await browser.post("/desk/enter", {"key": f"k{n}"})).status for n in range(12)]
    assert told == [403] * 10 + [429] * 2
    assert (await browser.post("/desk/enter", {"key": right})).status == 429
    assert not browser.cookies
    rig.desk.clock.pass_(60)
    assert (await browser.post("/desk/enter", {"key": right})).status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "", "Sec_Fetch_Site": "same-site"},
        {"Origin": "http://127.0.0.1.evil.example"},
    ],
)
async def test_forms_of_other_origins_do_nothing(rig: WebDeskRig, headers: dict[str, str]) -> None:
    browser = await rig.logged_in(ANNA)
    fields = {**await forms(browser), "chat": NEWS.id, "do": FOLLOWS}
    for path, given in (("do", fields), ("leave", fields), ("enter", {"key": "x"})):
        answer = await browser.post(f"/desk/{path}", given, **headers)
        assert (answer.status, heading(answer)) == (403, "That came from elsewhere"), path
    assert not await rig.desk.store.subscriptions.of(NEWS)
    assert (await browser.get("/desk")).status == 200


async def test_forms_need_the_token_of_their_own_session(rig: WebDeskRig) -> None:
    anna, ben = await rig.logged_in(ANNA), await rig.logged_in(BEN)
    others = (await forms(ben))["token"]
    for token in ("", "x", "é\ud800", others):
        fields = {"token": token.encode("utf-8", "replace").decode(), "do": FOLLOWS}
        assert (await anna.post("/desk/do", fields)).status == 403
        assert (await anna.post("/desk/leave", fields)).status == 403
    assert not await rig.desk.store.subscriptions.of(NEWS)
    fields = {**await forms(anna), "do": FOLLOWS}
    done = await anna.post("/desk/do", fields, Origin="", Sec_Fetch_Site="same-origin")
    assert done.status == 200
    (one,) = await rig.desk.store.subscriptions.of(NEWS)
    assert one.owner == ANNA


async def test_only_methods_that_are_meant_do_anything(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(ANNA)
    fields = {**await forms(browser), "do": FOLLOWS}
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = await browser.ask(method, "/desk/do", fields, {"Origin": rig.address})
        assert answer.status == 404, method
    as_query = "&".join(f"{name}={value}" for name, value in fields.items())
    assert (await browser.get(f"/desk/do?{as_query}")).status == 404
    assert not await rig.desk.store.subscriptions.of(NEWS)


async def test_who_is_demoted_is_out_in_every_browser_for_good(rig: WebDeskRig) -> None:
    one, two = await rig.logged_in(ANNA), await rig.logged_in(ANNA)
    assert (await one.get("/desk")).status == (await two.get("/desk")).status == 200
    kept = dict(two.cookies)
    rig.directory.moderators[NEWS.id].clear()
    assert heading(await one.get("/desk/audit")) == CLOSED
    rig.directory.moderators[NEWS.id].add(ANNA)
    assert (await Browser(rig.address, rig.session, kept).get("/desk")).status == 403
    assert (await rig.logged_in(ANNA)).cookies


async def test_who_loses_one_chat_of_two_keeps_the_other(rig: WebDeskRig) -> None:
    rig.directory.moderators[TALK.id].add(ANNA)
    browser = await rig.logged_in(ANNA)
    assert (await browser.get(f"/desk/audit?chat={NEWS.id}")).status == 200
    rig.directory.moderators[NEWS.id].clear()
    refused = await browser.get(f"/desk/audit?chat={NEWS.id}")
    assert (refused.status, heading(refused)) == (403, "Not there")
    assert "Only administrators of Harbour News" in refused.text
    rig.desk.clock.pass_(60)
    left = await browser.get("/desk/audit")
    assert left.words("//h1") == ["What moderators changed here"]
    assert left.words("//select/option") == ["Harbour Talk"]


async def test_an_operator_who_is_none_any_more_is_out(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    assert (await browser.get("/desk/sources")).status == 200
    rig.directory.staff.appoint([], [99])
    assert (await browser.get("/desk/sources")).status == 403


async def test_nobody_reaches_into_a_chat_of_others(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(ANNA)
    fields = await forms(browser)
    for chat in (TALK.id, "-3", OPERATOR, "../..", "é" * 300):
        for page in ("settings", "posts", "subscriptions", ""):
            assert (await browser.get(f"/desk/{page}?chat={chat}")).status == 403, (chat, page)
        answer = await browser.post("/desk/do", {**fields, "chat": chat, "do": FOLLOWS})
        assert answer.status == 403, chat
    named = FOLLOWS.replace("[[", f'[["channel","{TALK.id}"],[')
    await browser.post("/desk/do", {**fields, "do": named})
    assert await rig.desk.store.subscriptions.of(NEWS)  # the page's own chat
    typed = {**fields, "line": f"/subscribe other confirm:on channel:{TALK.id}"}
    told = await browser.post("/desk/do", typed)
    assert "Another channel can't be chosen here." in told.page.text_content()
    assert not await rig.desk.store.subscriptions.of(TALK)


async def test_what_operators_alone_may_do_moderators_may_not(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(ANNA)
    typed = {**await forms(browser), "line": "/reload config"}
    told = await browser.post("/desk/do", typed)
    assert "Only operators" in told.page.text_content()
    closed = {**await forms(browser), "do": '["desk",[]]'}
    assert "That is for a chat" in (await browser.post("/desk/do", closed)).text


async def test_forms_that_never_end_keep_nobody_out(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    begun = (
        f"POST /desk/enter HTTP/1.1\r\nHost: x\r\nOrigin: {rig.address}\r\nContent-Length: 99\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nkey="
    )
    port = int(rig.address.rpartition(":")[2])
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(12)]
    for _, writer in opened:
        writer.write(begun.encode())
        await writer.drain()
    for _ in range(3):
        assert (await browser.get("/desk")).status == 200
    for _, writer in opened:
        writer.close()
        await writer.wait_closed()


async def test_a_session_ends_after_a_day_of_rest_and_a_week_at_most(rig: WebDeskRig) -> None:
    resting, busy = await rig.logged_in(OPERATOR), await rig.logged_in(OPERATOR)
    for _ in range(13):
        rig.desk.clock.pass_(12 * HOUR)
        assert (await busy.get("/desk")).status == 200
    assert (await resting.get("/desk")).status == 403
    rig.desk.clock.pass_(12 * HOUR)
    assert (await busy.get("/desk")).status == 403


async def test_who_logs_out_is_out(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    kept = dict(browser.cookies)
    left = await browser.press(await browser.get("/desk"), "Log out")
    assert left.status == 303
    assert not browser.cookies
    assert (await Browser(rig.address, rig.session, kept).get("/desk")).status == 403


async def test_a_platform_that_is_away_logs_nobody_out(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(ANNA)
    assert (await browser.get("/desk")).status == 200
    rig.directory.is_down = True
    away = await browser.get("/desk")
    assert away.status == 503
    assert "Try again in a moment" in away.text
    rig.directory.is_down = False
    assert (await browser.get("/desk")).status == 200


async def test_the_cookie_is_for_this_host_s_own_pages_alone(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    async with serving_desk(desk, unused_tcp_port, base=BASE) as rig:
        key = (await rig.link(OPERATOR)).rpartition("/")[2]
        entered = await rig.browser().post("/desk/enter", {"key": key}, Origin=BASE)
        told = {one.strip().lower() for one in entered.headers["Set-Cookie"].split(";")}
        assert {"secure", "httponly", "samesite=strict", "path=/"} <= told
        assert not any(one.startswith("domain") for one in told)
        assert any(one.startswith("__host-desk=") for one in told)


async def test_answers_are_kept_and_told_nowhere(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    for path in ("/desk", "/desk/sources", "/desk/no-such", await rig.link(OPERATOR)):
        headers = (await browser.get(path, Accept_Encoding="gzip, br")).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "strict-origin"
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert not {"ETag", "Last-Modified", "Content-Encoding"} & set(headers)
    for path in ("/robots.txt", "/sitemap.xml", "/sitemap/pages.xml", "/"):
        assert "/desk" not in (await browser.get(path)).text


async def test_the_store_knows_no_token(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    (token,) = browser.cookies.values()
    key = (await rig.link(ANNA)).rpartition("/")[2]
    logins = Logins(rig.desk.store.logins, rig.desk.clock, BASE)
    assert await logins.session(token)
    assert await rig.desk.store.logins.session(token) is None
    assert await rig.desk.store.logins.take_link(key, rig.desk.clock.now()) is None


async def test_a_new_login_in_a_browser_ends_the_one_before(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(ANNA)
    before = dict(browser.cookies)
    await browser.press(await browser.get(await rig.link(OPERATOR)), LOG_IN)
    assert (await browser.get("/desk")).status == 200
    assert (await Browser(rig.address, rig.session, before).get("/desk")).status == 403


def test_staff_in_private_is_what_the_configuration_says_now() -> None:
    staff = Staff([1], [2])
    known = {one: staff.in_private(Person(one, moderator=True, operator=True)) for one in "123"}
    told = {one: (who.moderator, who.operator, who.host) for one, who in known.items()}
    assert told == {
        "1": (True, False, True),
        "2": (True, True, True),
        "3": (False, False, True),
    }
