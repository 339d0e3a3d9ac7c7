"""The website's pages: what they show of the stories, and at which addresses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.robotparser import RobotFileParser

import pytest
from newsdesk import OTHER, TestDesk, twelve
from site_desk import BASE, Reader, serving_site, with_services
from stories import NOW, day, story

from bot.chat.dispatcher import NOWHERE
from bot.i18n import load
from bot.model import Person, Topic, TopicOrigin
from bot.posting.page_links import story_path
from bot.web.addresses import named_topic, topic_path

pytestmark = pytest.mark.server

OWN = story(
    "Osaka Expo opens “at last” <b>&",
    "The gates opened at nine.\n# The queue\nThousands came.",
    published=day("2026-11-20"),
    date_only=True,
    place="OSAKA",
    byline="MU.",
)
ELSEWHERE = story(
    "Trams return to the harbour",
    "The first tram left at dawn. It was full.\nNobody complained.",
    source="other",
    url="https://trams.example.org/2026/return",
    image="https://trams.example.org/tram.jpg",
    summary="The first tram left at dawn.",
    published=NOW - timedelta(days=1),
)


@pytest.fixture
async def reader(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[Reader]:
    await desk.has(OWN, ELSEWHERE)
    async with serving_site(desk, unused_tcp_port) as opened:
        yield opened


async def test_a_story_of_its_own_is_shown_whole(reader: Reader) -> None:
    answer = await reader.get(story_path(OWN))
    assert answer.status == 200
    assert answer.words("//h1") == [OWN.title]
    assert answer.words("//article//p[@dir]")[:2] == [
        "OSAKA — The gates opened at nine.",
        "Thousands came.",
    ]
    assert answer.words("//article//h2") == ["The queue"]
    assert answer.links("//link[@rel='canonical']") == [f"{BASE}{story_path(OWN)}"]
    assert not answer.page.xpath("//meta[@name='robots']")
    assert "MU." in answer.words("//p[@class='byline']")[0]
    assert len(answer.body) < 60_000


async def test_of_a_story_with_a_page_only_the_summary_is_shown(reader: Reader) -> None:
    answer = await reader.get(story_path(ELSEWHERE))
    assert "Nobody complained" not in answer.text
    assert ELSEWHERE.summary in answer.text
    assert answer.links("//a[@class='button']") == [ELSEWHERE.url]
    assert answer.links("//link[@rel='canonical']") == [ELSEWHERE.url]
    assert answer.page.xpath("//meta[@name='robots']/@content") == ["noindex, follow"]
    assert story_path(ELSEWHERE) not in (await reader.get("/sitemap.xml")).text
    assert story_path(OWN) in (await reader.get("/sitemap.xml")).text


async def test_the_operator_may_have_it_shown_whole(desk: TestDesk, unused_tcp_port: int) -> None:
    await desk.has(ELSEWHERE)
    sources = {"other": replace(OTHER, whole_on_web=True)}
    shown = with_services(desk, sources=sources)
    async with serving_site(shown, unused_tcp_port) as reader:
        answer = await reader.get(story_path(ELSEWHERE))
        assert "Nobody complained" in answer.text
        assert answer.links("//link[@rel='canonical']") == [ELSEWHERE.url]
        assert not answer.page.xpath("//meta[@name='robots']")
        assert story_path(ELSEWHERE) in (await reader.get("/sitemap.xml")).text
        assert "Nobody complained" in (await reader.get("/feed.json")).text
        assert "Nobody complained" in (await reader.get(f"/api/story/{ELSEWHERE.id}")).text


async def test_previews_are_told_what_the_story_is(reader: Reader) -> None:
    page = (await reader.get(story_path(ELSEWHERE))).page
    told = {one.get("property"): one.get("content") for one in page.xpath("//meta[@property]")}
    assert told["og:title"] == ELSEWHERE.title
    assert told["og:description"] == ELSEWHERE.summary
    assert told["og:image"] == ELSEWHERE.image
    assert told["og:url"] == f"{BASE}{story_path(ELSEWHERE)}"
    (data,) = page.xpath("//script[@type='application/ld+json']/text()")
    article = json.loads(data)
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == ELSEWHERE.title
    assert article["mainEntityOfPage"] == ELSEWHERE.url
    (embed,) = page.xpath("//link[@type='application/json+oembed']/@href")
    card = json.loads((await reader.get(embed.removeprefix(BASE))).text)
    assert (card["type"], card["title"]) == ("link", ELSEWHERE.title)


@pytest.mark.parametrize("slug", ["", "/", "/old-headline", "/a/b", "/%22%3E%3Cscript%3E", "/é"])
async def test_another_slug_leads_to_the_right_one(reader: Reader, slug: str) -> None:
    answer = await reader.get(f"/s/{OWN.id}{slug}")
    assert answer.status == 301
    assert answer.headers["Location"] == story_path(OWN)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/nope",
            "/s/bcdfgh222222/x",
            "/s/",
            "/topic/Nothing",
            "/source/nothing",
            "/sitemap/9.xml",
        ),
        *("/archive/0000", "/archive/2026/13", "/archive/9999/12/31", "/archive/2026/02/30"),
        *("/topic/World?page=400", "/picture/bcdfgh222222", "/../etc/passwd", "/%00", "/%ff"),
    ],
)
async def test_what_is_not_there_is_said_in_words(reader: Reader, path: str) -> None:
    answer = await reader.get(path)
    assert answer.status == 404
    assert answer.words("//h1") == ["There is no such page"]


async def test_a_forgotten_story_is_gone(desk: TestDesk, unused_tcp_port: int) -> None:
    await desk.has(OWN, ELSEWHERE, replace(story("Last"), published=NOW))
    await desk.store.retention.forget({"wire": day("2026-11-21")}, 10)
    async with serving_site(desk, unused_tcp_port) as reader:
        answer = await reader.get(story_path(OWN))
    assert answer.status == 410
    assert answer.words("//h1") == ["This story is no longer kept"]


async def test_the_front_page_has_all_and_turns_its_pages(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    await twelve(desk)
    await desk.has(*(story(f"Late {n}", published=NOW - timedelta(days=30 + n)) for n in range(12)))
    async with serving_site(desk, unused_tcp_port) as reader:
        first = await reader.get("/")
        assert first.words("//h3")[0] == "Story 1"
        (onward,) = first.links("//a[@rel='next']")
        second = await reader.get(onward)
        assert second.links("//a[@rel='prev']") == ["/"]
        assert len(first.words("//h3") + second.words("//h3")) == 24


async def test_lists_lead_to_stories_topics_sources_and_days(reader: Reader) -> None:
    front = await reader.get("/")
    assert {story_path(OWN), story_path(ELSEWHERE), "/topic/Osaka_Expo", "/source/wire"} <= set(
        front.links()
    )
    for path in set(front.links()) | {"/archive/2026", "/archive/2026/11", "/archive/2026/11/20"}:
        if path.startswith("/"):
            assert (await reader.get(path)).status == 200, path
    of_day = await reader.get("/archive/2026/11/20")
    assert of_day.words("//h2") == [OWN.title]
    assert of_day.links("//a[@rel='next']") == ["/archive/2026/11/22"]


async def test_a_search_forgives_and_marks(reader: Reader) -> None:
    answer = await reader.get("/search?q=osakka+expo")
    assert answer.words("//h2")[0] == OWN.title
    assert "Showing results for “osaka expo”." in answer.words("//div[@class='notes']")
    assert answer.links("//section[@class='offers']//a") == ["/search?q=%22osakka%22+%22expo%22"]
    marked = await reader.get("/search?q=gates")
    assert marked.words("//mark") == ["gates"]
    nothing = await reader.get("/search?q=zzzzzz")
    assert nothing.status == 200
    assert "Nothing found for “zzzzzz”." in nothing.text


async def test_nothing_is_remembered_of_who_searches(desk: TestDesk, reader: Reader) -> None:
    assert (await reader.get("/search?q=osaka")).words("//h2")
    await desk.dispatcher.aclose()
    assert await desk.store.chats.last_list(NOWHERE, Person("web")) is None


@pytest.mark.parametrize(
    ("accepted", "query", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "", "de"),
        ("fr,es;q=0.4,ja;q=0.8", "", "ja"),
        ("tlh", "", "en"),
        ("de;q=0, en", "", "en"),
        ("de", "?lang=es", "es"),
        (";;q=x,,=,de;q=nan", "?lang=<script>", "en"),
    ],
)
async def test_it_speaks_the_readers_language(
    reader: Reader, accepted: str, query: str, language: str
) -> None:
    answer = await reader.get(f"/{query}", Accept_Language=accepted)
    assert answer.page.get("lang") == language
    assert load(language).gettext("Topics") in answer.words("//nav[@class='sections']//a")


async def test_a_chosen_language_stays(reader: Reader) -> None:
    answer = await reader.get("/?lang=de")
    inside = [one for one in answer.links("//main//a") if one.startswith("/")]
    assert inside
    assert all(one.endswith("lang=de") for one in inside)


async def test_the_site_may_stand_below_a_path(desk: TestDesk, unused_tcp_port: int) -> None:
    await desk.has(OWN)
    async with serving_site(desk, unused_tcp_port, base="https://example.org/news") as reader:
        for path in ("/news/", "/news", "/"):  # some servers in front leave the beginning out
            answer = await reader.get(path)
            assert f"/news{story_path(OWN)}" in answer.links()
        moved = await reader.get(f"/news/s/{OWN.id}")
        assert moved.headers["Location"] == f"/news{story_path(OWN)}"


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example", "/\\evil.example"])
async def test_no_page_leads_to_another_host_by_its_own_address(reader: Reader, path: str) -> None:
    answer = await reader.get(path)
    assert not [one for one in answer.links() if not one.startswith(("/", "#"))]
    assert not [one for one in answer.links() if one.startswith(("//", "/\\"))]


async def test_right_to_left_is_read_so(desk: TestDesk, unused_tcp_port: int) -> None:
    hebrew = story("הגשר נפתח סוף סוף", "הגשר נפתח ביום שני.", language="he")
    await desk.has(hebrew)
    async with serving_site(desk, unused_tcp_port) as reader:
        answer = await reader.get(story_path(hebrew))
    (article,) = answer.page.xpath("//article")
    assert article.get("lang") == "he"
    assert answer.page.xpath("//h1")[0].get("dir") == "auto"


async def test_robots_are_told_what_to_leave_alone(reader: Reader) -> None:
    lines = (await reader.get("/robots.txt")).text.splitlines()
    assert {"User-agent: *", "Disallow: /search", f"Sitemap: {BASE}/sitemap.xml"} <= set(lines)


@pytest.mark.parametrize(
    ("path", "may"),
    [
        *((one, True) for one in ("/", "/topics", "/feed.atom", "/search/feed.atom?q=x")),
        *((one, False) for one in ("/search", "/search?q=x", "/api/latest", "/picture/bcdf")),
    ],
)
async def test_robots_may_read_pages_and_feeds(reader: Reader, path: str, may: bool) -> None:
    parser = RobotFileParser()
    parser.parse((await reader.get("/robots.txt")).text.splitlines())
    assert parser.can_fetch("Dateline", f"{BASE}{path}") is may


@pytest.mark.slow
async def test_a_large_sitemap_has_an_index(desk: TestDesk, unused_tcp_port: int) -> None:
    await desk.has(*(story(f"Story {n}", summary="S.") for n in range(1_001)))
    async with serving_site(desk, unused_tcp_port) as reader:
        index = (await reader.get("/sitemap.xml")).text
        found = [(await reader.get(f"/sitemap/{n}.xml")).text.count("<url>") for n in (1, 2)]
    assert index.count("<sitemap>") == 3
    assert found == [1_000, 1]


NAMES = ["Osaka Expo", "C/C++", "a_b", "50% & more?", "#1", "日本", "../up", "feed.atom", " x "]


@pytest.mark.parametrize("name", NAMES)
async def test_a_topic_of_any_name_has_a_page(
    desk: TestDesk, unused_tcp_port: int, name: str
) -> None:
    topic = Topic(name, origin=TopicOrigin.DESK, query="gates")
    shown = with_services(desk, topics=(topic,))
    assert named_topic(shown.dispatcher.services, name.replace(" ", "_")) == topic
    await desk.has(OWN)
    async with serving_site(shown, unused_tcp_port) as reader:
        answer = await reader.get(topic_path(name))
        assert answer.words("//h1") == [name.strip()]


async def test_other_stories_of_the_event_and_related_ones_are_named(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    told = story("The bridge is open", "Cars cross the bridge.", published=NOW - timedelta(hours=2))
    later = story("A first traffic jam on the bridge", "Cars wait.", source="other")
    await desk.has(told, later)
    await desk.store.events.join(later.id, told.id)
    async with serving_site(desk, unused_tcp_port) as reader:
        answer = await reader.get(story_path(told))
    assert answer.words("//ol//b") == [told.title]
    assert answer.words("//ol//a") == [later.title]
