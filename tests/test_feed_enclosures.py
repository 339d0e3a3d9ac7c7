"""Podcasts, pictures and bare links: what comes with an item, and that none is lost uncounted."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from adapters.sources.feed.media_fields import bytes_of, seconds_of
from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.stories import stories
from adapters.sources.feed.worker import FeedParser
from bot.model import Enclosure, Story

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
)
HOUR = "<itunes:duration>1:02:03</itunes:duration>"
CAPTION = "<media:description>Two cranes</media:description>"
BY_FEEDPARSER = "<language><b>en</b></language>"  # markup where none belongs


def rss(*items: str, head: str = "") -> bytes:
    inside = "".join(f"<item>{each}</item>" for each in items)
    return f"<rss {NAMES}><channel><title>Bay News</title>{head}{inside}</channel></rss>".encode()


def made(body: bytes) -> tuple[Story, ...]:
    return tuple(stories(parse_feed(body, "", "https://e.org/feed"), "wire", NOW))


@pytest.mark.parametrize("head", ["", BY_FEEDPARSER])
@pytest.mark.parametrize(
    ("inside", "enclosure"),
    [
        (
            "<enclosure url='/1.mp3' type='audio/mpeg' length='1234'/>" + HOUR,
            Enclosure("https://e.org/1.mp3", "audio/mpeg", 1234, 3723),
        ),
        (
            "<atom:link rel='enclosure' href='/2.ogg' type='audio/ogg' length='5'/>",
            Enclosure("https://e.org/2.ogg", "audio/ogg", 5),
        ),
        (
            "<media:content url='/3.mp4' type='video/mp4' fileSize='77' duration='90'/>",
            Enclosure("https://e.org/3.mp4", "video/mp4", 77, 90),
        ),
        (
            "<enclosure url='/4.pdf' type='application/pdf' length=''/>",
            Enclosure("https://e.org/4.pdf", "application/pdf"),
        ),
        ("<enclosure url='/5.m4a'/>", Enclosure("https://e.org/5.m4a")),
    ],
)
def test_enclosures_are_a_part_of_a_story(head: str, inside: str, enclosure: Enclosure) -> None:
    (story,) = made(rss(f"<title>T</title><link>https://e.org/t</link>{inside}", head=head))
    assert story.enclosures == (enclosure,)
    assert story.url == "https://e.org/t"


def test_a_recording_that_is_named_twice_is_one() -> None:
    (story,) = made(
        rss(
            "<title>T</title><media:content url='/1.mp3' type='audio/mpeg' duration='60'/>"
            "<enclosure url='/1.mp3' type='audio/mpeg'/>"
        )
    )
    assert story.enclosures == (Enclosure("https://e.org/1.mp3", "audio/mpeg", 0, 60),)


def test_attachments_of_json_feeds_are_enclosures() -> None:
    attachment = {
        "url": "https://e.org/1.mp3",
        "mime_type": "audio/mpeg",
        "size_in_bytes": 99,
        "duration_in_seconds": 61.5,
    }
    item = {"id": "1", "title": "T", "attachments": [attachment]}
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [item]}
    (story,) = made(json.dumps(document).encode())
    assert story.enclosures == (Enclosure("https://e.org/1.mp3", "audio/mpeg", 99, 61),)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("3723", 3723),
        ("1:02:03", 3723),
        ("62:03", 3723),
        ("00:00:09", 9),
        ("5:00.25", 300),
        ("90 sec", 90),
        ("PT1H2M3S", 3723),
        ("PT45M", 2700),
        ("", 0),
        ("long", 0),
        ("-5", 0),
        ("99999999", 0),
        ("1:2:3:4", 0),
    ],
)
def test_durations_are_read_as_feeds_write_them(written: str, seconds: int) -> None:
    assert seconds_of(written) == seconds


@pytest.mark.parametrize(
    ("written", "size"),
    [("12345", 12345), ("1,234,567", 1234567), ("", 0), ("5 MB", 0), ("-1", 0), ("9" * 40, 0)],
)
def test_lengths_are_bytes_or_none(written: str, size: int) -> None:
    assert bytes_of(written) == size


@pytest.mark.parametrize("guid", ["<guid isPermaLink='false'>1</guid>", "<guid>ep 1</guid>", ""])
@pytest.mark.parametrize("extra", ["", "<description>x</description>", "<link></link>"])
def test_an_episode_without_a_page_leads_to_its_recording(guid: str, extra: str) -> None:
    enclosure = "<enclosure url='https://e.org/1.mp3?token=5' type='audio/mpeg' length='1'/>"
    (story,) = made(rss(f"<title>Episode</title>{guid}{enclosure}{extra}"))
    assert story.url == "https://e.org/1.mp3?token=5"
    assert "e.org" not in story.key  # a token in it would make it a new story each time


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<media:content url='/p.png' type='image/png' medium='image'/>", "Picture by Bay News"),
        ("<media:content url='/p.png' medium='image'/>", "Picture by Bay News"),
        ("<enclosure url='/p.jpg' type='image/jpeg'/>", "Picture by Bay News"),
        ("<media:thumbnail url='/p.jpg'/>", "Picture by Bay News"),
        ("<description>&lt;img src='/p.jpg'&gt;</description>", "Picture by Bay News"),
        (
            f"<media:content url='/p.png' medium='image'>{CAPTION}</media:content>",
            "Two cranes",
        ),
        ("<author>Ann</author><enclosure url='/p.jpg' type='image/jpeg'/>", "Picture by Ann"),
        ("<enclosure url='/a.mp3' type='audio/mpeg'/>", "Recording by Bay News"),
        ("<media:content url='/v.mp4' type='video/mp4'/>", "Video by Bay News"),
        ("<enclosure url='/a.zip' type='application/zip'/>", "File by Bay News"),
        ("", "social.example/@ann/1"),
    ],
)
def test_items_without_words_become_stories_with_a_title(inside: str, title: str) -> None:
    link = "<link>https://social.example/@ann/1?x=1</link>"
    body = rss(f"<guid>https://social.example/@ann/1</guid>{link}{inside}")
    (story,) = made(body)
    assert (story.title, story.url) == (title, "https://social.example/@ann/1?x=1")
    assert parse_feed(body, "", "https://e.org/feed").problems == ()


def test_pictures_of_an_item_without_words_are_enclosures() -> None:
    pictures = "".join(f"<media:content url='/{n}.png' type='image/png'/>" for n in range(3))
    (story,) = made(rss(f"<link>https://e.org/1</link>{pictures}"))
    assert [each.url for each in story.enclosures] == [f"https://e.org/{n}.png" for n in range(3)]


@pytest.mark.parametrize("head", ["", BY_FEEDPARSER])
@pytest.mark.parametrize(
    "empty", ["", "<guid isPermaLink='false'>1</guid>", "<pubDate>Mon, 23 Nov 2026</pubDate>"]
)
def test_an_item_that_has_nothing_to_show_is_counted(head: str, empty: str) -> None:
    body = rss("<title>T</title>", empty, "<title>U</title>", head=head)
    problems = parse_feed(body, "", "https://e.org/feed").problems
    assert problems == ("item 2 was left out: it has no title, text, link or picture",)
    assert {story.title for story in made(body)} == {"T", "U"}


def test_many_items_that_have_nothing_to_show_are_counted_in_few_lines() -> None:
    problems = parse_feed(rss(*[""] * 50), "", "https://e.org/feed").problems
    assert len(problems) == 21
    assert problems[-1] == "30 more items were left out, which have nothing to show either"


def episodes(count: int, *, dated: int = 1) -> list[str]:
    """Episodes, the oldest first; only each of `dated` has a date."""
    return [
        f"<title>Episode {n}</title><itunes:episodeType>full</itunes:episodeType>"
        + (
            f"<pubDate>{format_datetime(NOW - timedelta(days=count - n))}</pubDate>"
            if n % dated == 0
            else ""
        )
        for n in range(count)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("head", ["", BY_FEEDPARSER])
def test_of_a_long_feed_that_begins_with_the_oldest_the_newest_are_read(head: str) -> None:
    feed = parse_feed(rss(*episodes(2_050), head=head), "", "https://e.org/feed")
    titles = [item.title for item in feed.items]
    assert (titles[0], titles[-1], len(titles)) == ("Episode 50", "Episode 2049", 2_000)
    assert any("2,000 of them were read" in problem for problem in feed.problems)


def test_a_few_episodes_without_a_date_do_not_hide_the_newest() -> None:
    feed = parse_feed(rss(*episodes(2_050, dated=2)), "", "https://e.org/feed")
    assert feed.items[-1].title == "Episode 2049"
    assert len(feed.items) == 2_000


@pytest.mark.slow
@pytest.mark.parametrize("head", ["", BY_FEEDPARSER])
def test_of_a_long_feed_that_begins_with_the_newest_the_first_are_read(head: str) -> None:
    newest_first = rss(*reversed(episodes(2_050)), head=head)
    titles = [item.title for item in parse_feed(newest_first, "", "https://e.org/feed").items]
    assert (titles[0], titles[-1]) == ("Episode 2049", "Episode 50")


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(("count", "size"), [(2_000, 12), (900, 16), (900, 30)])
async def test_a_long_podcast_is_read_by_a_worker(count: int, size: int) -> None:
    words = "the city council voted on a new plan for trains and buses " * 8
    paragraph = f"&lt;p&gt;{words}&lt;/p&gt;"
    text = paragraph * (size * 1_000_000 // count // len(paragraph))
    items = [f"{each}<description>{text}</description>" for each in episodes(count)]
    async with FeedParser(workers=1) as parser:
        feed = await parser.parse(rss(*items), "", "https://e.org/feed")
    read = sum(bool(item.paragraphs) for item in feed.items)
    left = sum(int(found[1]) for p in feed.problems if (found := re.search(r"; (\d+) items", p)))
    assert len(feed.items) == count
    assert read + left == count
    assert left == 0 or size > 16
