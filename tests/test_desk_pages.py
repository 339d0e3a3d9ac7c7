"""The pages of the desk on the web: what they show, and what their forms do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import TestDesk, desk_over, twelve
from scripted_sources import make_changeable
from site_desk import Answer
from site_hostile import hostile_stories
from site_login import ANNA, NEWS, OPERATOR, Browser, WebDeskRig, serving_desk
from stories import NOW, batch, story

from adapters.pictures.renderer import open_renderer
from adapters.web.desk.actions import decode_action, encode_action
from bot.ingest.results import LoadReport
from bot.model import Action, Chat, Person
from bot.subscriptions.model import BY_HAND
from bot.web.desk import PAGES

pytestmark = pytest.mark.server

OWN = Chat("telegram", OPERATOR)


@pytest.fixture
async def rig(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    await twelve(desk)
    async with serving_desk(desk, unused_tcp_port) as served:
        yield served


async def types(browser: Browser, line: str, page: str = "", before: str = "") -> Answer:
    """Sends a line from a page of the desk."""
    shown = await browser.get(f"/desk/{page}" if page else "/desk")
    fields = dict(shown.page.xpath("//form[@class='line']")[0].form_values())
    return await browser.post("/desk/do", {**fields, "line": line, "before": before})


def main_buttons(answer: Answer) -> list[str]:
    return answer.words("//div[@class='presses main']//button")


async def test_every_page_is_shown_to_operators_and_to_moderators(rig: WebDeskRig) -> None:
    for person in (OPERATOR, ANNA):
        browser = await rig.logged_in(person)
        for path in ("", "/subscriptions", "/sources", *(f"/{one}" for one in PAGES)):
            answer = await browser.get(f"/desk{path}?lang=de")
            assert answer.status == 200, (path, answer.text)
            assert answer.page.get("lang") == "de"
            assert len(answer.words("//nav//a[@aria-current]")) == 1, path
            assert len(answer.words("//h1")) == 1, path


async def test_health_says_what_fails_and_when_it_is_tried_again(rig: WebDeskRig) -> None:
    sources = rig.desk.store.sources
    await sources.finish_load(LoadReport("wire", NOW), "")
    soon = LoadReport("other", NOW, error="404 <b>Not Found</b>", failures=2, next_check=NOW)
    await sources.finish_load(soon, "")
    browser = await rig.logged_in(OPERATOR)
    page = await browser.get("/desk")
    rows = page.words("//table//tbody/tr")
    assert rows[0].startswith("Other News other failing 404 <b>Not Found</b>")
    assert "in 1 minute" in rows[0]
    assert rows[1].startswith("The Wire wire well 1 minute ago")
    gauges = dict(zip(page.words("//dl/div/dt"), page.words("//dl/div/dd"), strict=True))
    assert gauges["Stories"].startswith("12 ")
    assert gauges["Longest lag of the last minute"] == "0 ms"
    details = await browser.press(await browser.get("/desk/sources"), "Details")
    assert details.status == 200


async def test_a_chat_is_set_up_from_there_and_its_moderators_see_who_did_it(
    rig: WebDeskRig,
) -> None:
    browser = await rig.logged_in(ANNA)
    preview = await types(browser, "wire daily 8:00", "subscriptions", "/subscribe")
    done = await browser.press(preview, "Subscribe")
    assert "Subscribed to The Wire" in done.page.text_content()
    (one,) = await rig.desk.store.subscriptions.of(NEWS)
    assert (one.owner, one.place, [f"{at:%H:%M}" for at in one.when.times]) == (
        ANNA,
        "Harbour News",
        ["08:00"],
    )
    audit = await browser.get("/desk/audit")
    assert audit.words("//dl/div/dt") == ["Subscribed to “The Wire”"]
    assert (await rig.desk.ask("/audit", Person(ANNA, moderator=True), NEWS)).entries


async def test_a_timetable_is_changed_and_a_subscription_paused_resumed_and_ended(
    rig: WebDeskRig,
) -> None:
    store = rig.desk.store.subscriptions
    browser = await rig.logged_in(OPERATOR)
    await rig.desk.ask("/subscribe wire confirm:on", Person(ANNA, moderator=True), NEWS)
    listed = await browser.get("/desk/subscriptions")
    assert listed.words("//section/h2") == ["Private chat", "Harbour News", "Harbour Talk"]
    preview = await browser.press(listed, "Change", line="fri 18:00 quiet:22-7")
    changed = await browser.press(preview, main_buttons(preview)[0])
    assert changed.status == 200
    (one,) = await store.of(NEWS)
    assert [f"{at:%H:%M}" for at in one.when.times] == ["18:00"]
    assert one.quiet
    assert changed.page.text_content().count("22:00-07:00")
    await browser.press(await browser.get("/desk/subscriptions"), "Pause")
    assert [each.paused for each in await store.of(NEWS)] == [BY_HAND]
    paused = await browser.get("/desk/subscriptions")
    assert "on request" in paused.page.text_content()
    await browser.press(paused, "Resume")
    assert [each.paused for each in await store.of(NEWS)] == [""]
    await browser.press(await browser.get("/desk/subscriptions"), "End it")
    assert not await store.of(NEWS)


async def test_a_story_tells_why_it_was_not_posted_in_the_chosen_chat(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    stories = await browser.get(f"/desk/stories?chat={NEWS.id}&q=story+3")
    links = stories.links("//a[text()='Why here?']")
    assert links
    assert f"chat={NEWS.id}" in links[0]
    why = await browser.get(links[0])
    assert why.words("//h1") == ["Story 3"]
    assert "this chat has no subscriptions" in why.page.text_content()


async def test_pages_of_a_list_have_addresses_and_numbers_in_chats_stay(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(ANNA)
    await rig.desk.has(*(story(f"More {n}") for n in range(20)))
    first = await browser.get("/desk/stories")
    (onward,) = first.links("//div[@class='presses turns']/a")
    second = await browser.get(onward)
    assert "Page 2 of" in second.page.text_content()
    await rig.desk.dispatcher.aclose()
    assert await rig.desk.store.chats.last_list(NEWS, Person(ANNA)) is None


async def test_a_question_is_answered_in_a_form(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    asked = await types(browser, "/search")
    (form,) = asked.page.xpath("//form[.//input[@name='option']]")
    fields = dict(form.form_values())
    found = await browser.post("/desk/do", {**fields, "line": "story 3"})
    assert "Story 3" in found.words("//p[@class='headline']")[0]


async def test_hostile_words_stay_words(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    await rig.desk.store.ingest.write(batch(hostile_stories(12)))
    script = "<script>document.title='owned'</script>"
    for answer in (
        await browser.get("/desk/stories"),
        await browser.get(f"/desk/stories?q={script}"),
        await browser.get(f"/desk/why?q={script}"),
        await types(browser, script),
        await types(browser, f'/subscribe "{script}"', before="/x"),
    ):
        assert answer.status == 200
        assert not answer.page.xpath("//script")
        assert "<script" not in answer.text
        assert not [one for one in answer.links() if not one.startswith(("/", "#", "http"))]


async def test_pictures_are_of_commands_that_only_read(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    changes = encode_action(Action("settings", (("setting", "preview"), ("value", "off"))))
    asks = [changes, "", "x", '["trends"]', encode_action(Action("trends"))]
    for code in asks:  # there is no renderer here, so trends have no picture either
        assert (await browser.get(f"/desk/picture?do={code}")).status == 404
    assert await rig.desk.store.chats.settings(OWN) == {}


async def test_a_file_is_shown_and_saved(rig: WebDeskRig) -> None:
    make_changeable(rig.desk)
    browser = await rig.logged_in(OPERATOR)
    shown = await types(browser, "/source export")
    assert "<opml" in shown.words("//details/pre")[0]
    saved = await browser.press(shown, "Save as a file")
    assert saved.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert saved.text.startswith("<?xml")
    pressed = await browser.post(
        "/desk/do",
        {
            "token": shown.page.xpath("//input[@name='token']")[0].get("value"),
            "do": encode_action(Action("source", (("action", "export"),))),
            "save": "yes",
        },
    )
    assert pressed.text == saved.text


@pytest.mark.process
@pytest.mark.slow
async def test_trends_are_drawn(tmp_path: Path, unused_tcp_port: int) -> None:
    renderer = open_renderer()
    assert renderer, "resvg-py is not installed"
    async with desk_over(tmp_path / "dateline.db", pictures=renderer) as desk:
        await twelve(desk)
        async with serving_desk(desk, unused_tcp_port) as rig:
            browser = await rig.logged_in(OPERATOR)
            page = await browser.get("/desk/trends")
            (shown,) = page.page.xpath("//p[@class='drawn']//img")
            (dark,) = page.page.xpath("//p[@class='drawn']//source/@srcset")
            assert shown.get("alt")
            drawn = await browser.get(shown.get("src"))
            assert (drawn.status, drawn.headers["Content-Type"]) == (200, "image/png")
            assert drawn.body.startswith(b"\x89PNG")
            assert (await browser.get(dark)).body not in {drawn.body, b""}
            assert (await rig.browser().get(shown.get("src"))).status == 403


@pytest.mark.parametrize(
    "fields", [{}, {"do": "x"}, {"do": '["no-such",[]]'}, {"line": "\0"}, {"do": "[" * 9_000}]
)
async def test_forms_that_say_nothing_do_nothing(rig: WebDeskRig, fields: dict[str, str]) -> None:
    browser = await rig.logged_in(OPERATOR)
    page = await browser.get("/desk")
    token = page.page.xpath("//input[@name='token']")[0].get("value")
    assert (await browser.post("/desk/do", {"token": token, **fields})).status in {200, 404}


async def test_a_form_that_is_too_large_or_none_is_refused(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    page = await browser.get("/desk")
    token = page.page.xpath("//input[@name='token']")[0].get("value")
    large = await browser.post("/desk/do", {"token": token, "line": "x" * 70_000})
    assert large.status == 403
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    sent = {"Cookie": cookies, "Origin": rig.address}
    as_json = {"token": token, "line": "/latest"}
    async with rig.session.post(f"{rig.address}/desk/do", json=as_json, headers=sent) as answer:
        assert answer.status == 403


async def test_the_desk_is_below_the_site_s_path(desk: TestDesk, unused_tcp_port: int) -> None:
    base = f"http://127.0.0.1:{unused_tcp_port}/news"
    async with serving_desk(desk, unused_tcp_port, base) as rig:
        browser = await rig.logged_in(OPERATOR)
        for path in ("/news/desk", "/desk", "/news/desk/sources"):
            page = await browser.get(path)
            assert page.status == 200
            own = [one for one in page.links("//nav//a") if not one.startswith("/news/desk")]
            assert own == []
        assert (await browser.get("/desktop")).status == 404


@given(
    st.builds(Action, st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=4).map(tuple))
)
def test_actions_survive_a_form(action: Action) -> None:
    assert decode_action(encode_action(action)) == action


@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    ).map(json.dumps)
)
def test_what_is_no_action_is_none(text: str) -> None:
    found = decode_action(text)
    assert found is None or all(isinstance(one, str) for pair in found.options for one in pair)
