"""What is done at the desk on the web: sources, events, topics, and what chats are told as well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from event_stories import FLOOD, LATER, QUAKE, has_event
from newsdesk import TestDesk, desk_over, titles, twelve
from scripted_sources import SourcesDesk, feed, make_changeable
from site_desk import Answer
from site_login import ANNA, NEWS, OPERATOR, TALK, Browser, WebDeskRig, serving_desk
from stores import open_store, store
from stories import MODERATOR, NOW, story
from test_found_topics import BREAD, KOSAN, VARNA

from bot.chat.ports import Store
from bot.chat.source_edits import SourcePolicy
from bot.commands import REGISTRY
from bot.ingest.results import FetchResult
from bot.model import Capability, Chat, Person
from bot.monitoring.gauges import ProcessGauges
from bot.posting.counters import PostingCounters
from store.sql_store import SqlStore

__all__ = ["open_store", "store"]

pytestmark = pytest.mark.server

URL = "https://harbour.example/feed"
NEWCOMERS = tuple(
    story(one, f"All about {one}.", published=NOW - timedelta(hours=2 - at), url=URL + one[:5])
    for at, one in enumerate(("First boat", "Second boat"))
)


@pytest.fixture
async def rig(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    async with serving_desk(desk, unused_tcp_port) as served:
        yield served


@pytest.fixture
def sources(desk: TestDesk) -> SourcesDesk:
    """The desk's sources, which can be changed, and one that can be found."""
    changeable = make_changeable(desk)
    changeable.roster.gives[URL] = FetchResult(NEWCOMERS)
    changeable.finder.finds["harbour.example"] = (feed(URL, "The Harbour"),)
    return changeable


async def fill(browser: Browser, page: Answer, field: str, words: str) -> Answer:
    """Fills in the form that has a field of this id, and sends it."""
    (form,) = page.page.xpath(f"//form[.//*[@id='{field}']]")
    fields = {**dict(form.form_values()), "line": words}
    return await browser.post(str(form.get("action")), fields)


def said(answer: Answer) -> str:
    return " ".join(answer.page.text_content().split())


def buttons(answer: Answer) -> list[str]:
    return answer.words("//div[@class='presses main']//button")


async def changes(browser: Browser) -> list[str]:
    """What the desk's list of changes has, the newest first."""
    return (await browser.get("/desk/audit")).words("//dl/div/dt")


async def test_a_source_is_added_with_a_preview_tested_paused_and_resumed(
    sources: SourcesDesk, rig: WebDeskRig
) -> None:
    browser = await rig.logged_in(OPERATOR)
    preview = await fill(browser, await browser.get("/desk/sources"), "add", "harbour.example")
    assert preview.words("//h1") == ["Add The Harbour?"]
    assert preview.words("//p[@class='headline']") == ["Second boat", "First boat"]
    assert buttons(preview) == ["Add", "Cancel"]
    assert not sources.roster.added
    cancelled = await browser.press(preview, "Cancel")
    assert "Nothing was added." in said(cancelled)
    assert not sources.roster.added

    added = await browser.press(preview, "Add")
    assert "The Harbour is a source now, as the-harbour." in said(added)
    assert [one.url for one in sources.roster.added] == [URL]
    listed = await browser.get("/desk/sources")
    assert any(one.startswith("The Harbour the-harbour") for one in listed.words("//tbody/tr"))

    details = await browser.press(added, "Show the source")
    tested = await browser.press(details, "Test")
    assert tested.words("//h1") == ["Test of The Harbour"]
    assert "Read 2 stories" in said(tested)
    assert "Nothing was kept." in said(tested)
    assert tested.words("//p[@class='headline']") == ["Second boat", "First boat"]
    assert not (await rig.desk.ask("/latest")).cards

    paused = await browser.press(await browser.press(added, "Show the source"), "Pause")
    assert "The Harbour is paused" in said(paused)
    assert sources.roster.paused == {"the-harbour"}
    (row,) = [
        one
        for one in (await browser.get("/desk/sources")).words("//tbody/tr")
        if "the-harbour" in one
    ]
    assert "paused" in row
    resumed = await browser.press(paused, "Resume")
    assert "is checked again" in said(resumed)
    assert sources.roster.paused == set()

    removing = await browser.press(await browser.press(added, "Show the source"), "Remove")
    gone = await browser.press(removing, "Remove")
    assert gone.status == 200
    assert not sources.roster.added
    told = await changes(browser)
    assert told[-3:] == [
        "Resumed the source “The Harbour”",
        "Paused the source “The Harbour”",
        "Added the source “The Harbour”",
    ]


@pytest.mark.usefixtures("sources")
async def test_stories_of_a_preview_are_in_no_store_and_lead_to_their_own_pages(
    rig: WebDeskRig,
) -> None:
    browser = await rig.logged_in(OPERATOR)
    preview = await fill(browser, await browser.get("/desk/sources"), "add", "harbour.example")
    assert preview.links("//ul[@class='cards']//a") == [one.url for one in NEWCOMERS[::-1]]
    assert not preview.page.xpath("//ul[@class='cards']//form")
    await rig.desk.has(*NEWCOMERS)
    kept = await browser.get("/desk/stories")
    for path in kept.links("//p[@class='headline']/a"):
        assert (await browser.get(path)).status == 200, path


async def test_who_may_not_change_sources_in_a_chat_may_not_at_the_desk(
    sources: SourcesDesk, rig: WebDeskRig
) -> None:
    browser = await rig.logged_in(ANNA)
    page = await browser.get("/desk/sources")
    for line in ("harbour.example", "harbour.example kind:feed confirm:yes"):
        refused = await fill(browser, page, "add", line)
        assert "Only operators can change the sources." in said(refused)
    details = await browser.press(page, "Details")
    assert not {"Pause", "Remove", "Edit"} & {*buttons(details)}
    fields = dict(details.page.xpath("//form[@class='line']")[0].form_values())
    for verb in ("pause", "remove", "edit"):
        forged = {**fields, "do": f'["source",[["action","{verb}"],["what","wire"]]]'}
        assert "Only operators" in said(await browser.post("/desk/do", forged))
    assert sources.roster.paused == set()
    sources.editor.policy = replace(sources.editor.policy, moderators=True)
    assert isinstance(sources.editor.policy, SourcePolicy)
    preview = await fill(browser, page, "add", "harbour.example")
    assert "is a source now" in said(await browser.press(preview, "Add"))


async def test_a_story_is_taken_out_of_its_event_and_put_back(rig: WebDeskRig) -> None:
    await has_event(rig.desk)
    browser = await rig.logged_in(OPERATOR)
    listed = await browser.get("/desk/stories?q=tsunami+warning+lifted")
    event = await browser.press(listed, "Its event")
    assert event.words("//h1")[0].startswith("How it went on: Magnitude 7.1")
    whole = await browser.press(event, "All its stories")
    assert len(whole.words("//dl[@class='entries']/div")) == len(QUAKE) + 1

    apart = await browser.press(event, "Not of this event")
    assert "is no longer part of this event" in said(apart)
    split = await rig.desk.store.events.of_story(LATER.id)
    assert split is None or [one.id for one in split.stories] == [LATER.id]
    again = await browser.press(apart, "Undo")
    assert "now tells the same as" in said(again)
    back = await rig.desk.store.events.of_story(LATER.id)
    assert back
    assert {one.id for one in back.stories} == {LATER.id, *(one.id for one in QUAKE)}
    first, second = await changes(browser)
    assert first.startswith("Put “Chile earthquake")
    assert second.startswith("Took “Chile earthquake")


async def test_a_story_is_put_to_an_event_by_words_of_its_title(rig: WebDeskRig) -> None:
    await has_event(rig.desk)
    browser = await rig.logged_in(ANNA)
    alone = await browser.press(await browser.get("/desk/stories?q=venice"), "Its event")
    assert "Nothing else has been told of it so far." in said(alone)
    unclear = await fill(browser, alone, "same", "no such words")
    assert unclear.words("//*[@role='alert']")
    joined = await fill(browser, alone, "same", QUAKE[1].title)
    assert f"“{FLOOD.title}” now tells the same as “{QUAKE[1].title}”" in said(joined)
    event = await rig.desk.store.events.of_story(FLOOD.id)
    assert event
    assert QUAKE[0].id in {one.id for one in event.stories}
    await browser.press(joined, "Undo")
    after = await rig.desk.store.events.of_story(FLOOD.id)
    assert after is None or [one.id for one in after.stories] == [FLOOD.id]
    topic = await browser.post("/desk/do", {**_form(alone), "do": '["story",[["story","World"]]]'})
    assert not topic.page.xpath("//*[@id='same']")  # a topic is no event


def _form(page: Answer) -> dict[str, str]:
    return dict(page.page.xpath("//form[@class='line']")[0].form_values())


@pytest.mark.slow
async def test_topics_are_hidden_renamed_merged_and_restored(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    async with (
        desk_over(tmp_path / "found.db", find_topics=True) as desk,
        serving_desk(desk, unused_tcp_port) as rig,
    ):
        await desk.polls(*VARNA, *KOSAN, BREAD)
        browser = await rig.logged_in(ANNA)

        async def menu(name: str) -> Answer:
            shown = await browser.get(f"/desk/topics?q={name}")
            return await browser.press(shown, "Edit topic")

        asked = await browser.press(await menu("Kosan"), "Rename it")
        renamed = await fill(browser, asked, "answer", "Kosan Lines")
        assert "“Kosan” is called “Kosan Lines” now." in said(renamed)
        assert "Kosan Lines" in said(await browser.get("/desk/topics"))
        assert titles(await desk.ask("/topic Kosan Lines")) == [one.title for one in KOSAN[::-1]]

        choice = await browser.press(await menu("Varna+Expo"), "Merge it with another")
        merged = await browser.press(choice, "Osaka Expo")
        assert "“Varna Expo” is a part of “Osaka Expo” now." in said(merged)
        assert len((await desk.ask("/topic Osaka Expo")).cards) == len(VARNA)

        hidden = await browser.press(await menu("Vaccine"), "Hide it")
        assert "“Vaccine” is hidden." in said(hidden)
        assert "Vaccine" not in (await browser.get("/desk/topics")).words("//dt")
        restored = await browser.press(hidden, "Undo")
        assert "“Vaccine” is as it was found." in said(restored)
        assert "Vaccine" in (await browser.get("/desk/topics")).words("//dt")
        assert await changes(browser) == [
            "Restored the topic “Vaccine”",
            "Hid the topic “Vaccine”",
            "Merged a topic: “Varna Expo → Osaka Expo”",
            "Renamed a topic: “Kosan → Kosan Lines”",
        ]
        assert not (await browser.get("/desk/topics?q=World")).page.xpath(
            "//button[text()='Edit topic']"  # of the configuration
        )


async def test_subscriptions_of_very_many_chats_have_pages(rig: WebDeskRig) -> None:
    many = [Chat("telegram", f"-{number}", name=f"Room {number}") for number in range(100, 165)]
    rig.directory.more = many
    await rig.desk.ask("/subscribe wire confirm:on", MODERATOR, many[-1])
    browser = await rig.logged_in(OPERATOR)
    page, seen = await browser.get("/desk/subscriptions"), list[str]()
    while True:
        seen += page.words("//section/h2")
        onward = page.links("//div[@class='presses turns']/a[text()='Next']")
        if not onward:
            break
        page = await browser.get(onward[0])
    assert seen == [
        *("Private chat", NEWS.name, TALK.name),
        *(one.name for one in many),
    ]
    ended = await browser.press(page, "End it")
    assert ended.status == 200
    assert not await rig.desk.store.subscriptions.of(many[-1])
    beyond = await browser.get("/desk/subscriptions?page=999")
    assert beyond.words("//section/h2") == page.words("//section/h2")


async def test_what_the_desk_shows_of_the_process_is_what_status_tells(
    rig: WebDeskRig,
) -> None:
    counters = {"telegram": PostingCounters(posts=7, digests=3, edits=2, retries=4, failures=1)}
    gauges = ProcessGauges(lambda: counters)
    gauges.lag.note(0.012)
    rig.desk.dispatcher.services.gauges = gauges
    browser = await rig.logged_in(ANNA)
    page = await browser.get("/desk")
    shown = dict(zip(page.words("//dl/div/dt"), page.words("//dl/div/dd"), strict=True))
    assert shown["Longest lag of the last minute"] == "12 ms"
    sent = page.words("//tr[th[@scope='row']='Telegram']/td")
    assert sent == ["7", "3", "2", "4", "1"]
    told = {one.name: one.text for one in (await rig.desk.ask("/status", MODERATOR)).entries}
    assert told["Longest lag of the last minute"] == "12 ms"
    assert told["Version"] == gauges.versions
    assert gauges.versions in shown["The bot"]
    assert gauges.versions.startswith("Dateline ")
    assert told["Telegram, since the start"] == (
        "Posts: 7 · Digests: 3 · Edits: 2 · Retries: 4 · Given up: 1"
    )


async def test_the_desk_s_first_page_stands_over_every_store(
    store: Store, unused_tcp_port: int
) -> None:
    async with desk_over(store) as desk, serving_desk(desk, unused_tcp_port) as rig:
        await twelve(desk)
        browser = await rig.logged_in(OPERATOR)
        for path in ("", "/subscriptions", "/sources", "/stories", "/audit"):
            answer = await browser.get(f"/desk{path}")
            assert answer.status == 200, path
        assert (await browser.get("/desk")).words("//dt")[0] == "The bot"


async def test_who_asks_too_much_is_told_when_to_come_again(rig: WebDeskRig) -> None:
    browser = await rig.logged_in(OPERATOR)
    answers = [await browser.get("/desk/settings") for _ in range(61)]
    assert [one.status for one in answers] == [200] * 60 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    rig.directory.is_down = True
    rig.desk.clock.pass_(60)
    away = await browser.get(f"/desk/settings?chat={NEWS.id}")
    assert (away.status, away.headers["Retry-After"]) == (503, "5")


async def test_a_store_that_cannot_be_read_is_told_and_logged_once(
    rig: WebDeskRig, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await rig.logged_in(OPERATOR)
    assert isinstance(rig.desk.store, SqlStore)
    async with rig.desk.store.connections.transaction() as writer:
        await writer.execute("ALTER TABLE login_sessions RENAME TO elsewhere")
    away = await browser.get("/desk/settings")
    assert (away.status, away.headers["Retry-After"]) == (503, "5")
    assert len([one for one in caplog.messages if one.startswith("the desk: ")]) == 1


@pytest.mark.parametrize("person", [OPERATOR, ANNA])
@pytest.mark.usefixtures("sources")
async def test_every_command_says_at_the_desk_what_it_says_in_the_chat(
    rig: WebDeskRig, person: str
) -> None:
    await twelve(rig.desk)
    browser = await rig.logged_in(person)
    page = await browser.get(f"/desk?chat={NEWS.id}")
    rights, there = await rig.directory.find(NEWS.id, rig.directory.in_private(Person(person)))
    chat = replace(there, capabilities=Capability.POSTS | Capability.PICTURES)
    elsewhere = {"chats", "start", "desk"}  # who is at the desk needs none of them
    others = {"reload", "catchup"}  # which fetch, or tell what is new since the last time
    for command in REGISTRY:
        lines = [f"/{command.name}", *(one for one in command.examples if "{" not in one)]
        for line in lines if command.name not in elsewhere | others else ():
            in_chat = await rig.desk.ask(line, rights, chat)
            at_desk = said(await fill(browser, page, "line", line))
            for told in filter(None, (in_chat.title, *in_chat.notes, *in_chat.text)):
                assert " ".join(told.split()) in at_desk, line
            rig.desk.clock.pass_(40)
    for line in ("/chats", "/start", "/desk"):
        told = said(await fill(browser, page, "line", line))
        assert "That is for a chat, not for the desk." in told
