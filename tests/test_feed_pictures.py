"""What feeds say of their pictures in words, and which icon they name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from stories import NOW, story

from adapters.sources.feed.images import MAX_ALT
from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.stories import stories
from bot.ingest.fingerprints import fingerprint
from bot.model import EnclosureKind, Story

NAMES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/'
    'podcast-1.0.dtd" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
PICTURE = "<media:content url='/a.jpg' medium='image'>{}</media:content>"
SAID = "<media:description>Two cranes</media:description>"
THUMB = "<media:thumbnail url='/a.jpg'/>"
TEXT = "<description>The bridge is open.</description>"
FEEDPARSER = "<language><b>en</b></language>"  # markup where none belongs


def rss(inside: str, head: str = "") -> bytes:
    item = f"<item><title>Bridge</title>{inside}</item>"
    return f"<rss {NAMES}><channel><title>Bay</title>{head}{item}</channel></rss>".encode()


def only(body: bytes) -> Story:
    (made,) = stories(parse_feed(body, "", "https://e.org/feed"), "wire", NOW)
    return made


def html(tag: str) -> str:
    return f"<description><![CDATA[{tag}<p>The bridge is open.</p>]]></description>"


@pytest.mark.parametrize("head", ["", FEEDPARSER])
@pytest.mark.parametrize(
    ("tag", "alt"),
    [
        ("<img src='/a.jpg' alt='At the &quot;old&quot; pier'>", 'At the "old" pier'),
        ("<img src=/a.jpg alt=Cranes>", "Cranes"),
        ("<img alt='Ein Kran,\n  zwei M&ouml;wen' src='/a.jpg'>", "Ein Kran, zwei Möwen"),
        ("<img src='/a.jpg' alt='橋の開通式'>", "橋の開通式"),
        ("<img src='/a.jpg' alt=''>", ""),
        ("<img src='/a.jpg'>", ""),
        ("<img src='/a.jpg' alt='IMG_1234.JPG'>", ""),
        ("<img src='/a.jpg' alt='https://e.org/a.jpg'>", ""),
    ],
)  # fmt: skip
def test_an_image_of_a_text_has_its_alternative_text(tag: str, alt: str, head: str) -> None:
    made = only(rss(html(tag), head))
    assert (made.image, made.image_alt) == ("https://e.org/a.jpg", alt)


@pytest.mark.parametrize(
    ("inside", "alt"),
    [
        (PICTURE.format(SAID) + TEXT, "Two cranes"),
        (
            PICTURE.format("<media:title>Two &lt;b&gt;cranes&lt;/b&gt;</media:title>") + TEXT,
            "Two cranes",
        ),
        (PICTURE.format("") + SAID + TEXT, "Two cranes"),
        (PICTURE.format("") + html("<img src='/a.jpg' alt='A crane'>"), "A crane"),
        (PICTURE.format("") + html("<img src='/b.jpg' alt='A crane'>"), ""),
        (PICTURE.format("") + SAID, ""),  # it is the story's text
        (f"<media:content url='/a.mp4' type='video/mp4'>{SAID}</media:content>" + THUMB + TEXT, ""),
    ],
)
def test_a_picture_that_a_feed_declares_has_what_is_said_of_it(inside: str, alt: str) -> None:
    made = only(rss(inside))
    assert (made.image, made.image_alt) == ("https://e.org/a.jpg", alt)


def test_a_long_description_of_a_picture_is_cut_at_a_word() -> None:
    made = only(rss(html(f"<img src='/a.jpg' alt='{'crane ' * 600}'>")))
    assert len(made.image_alt) <= MAX_ALT
    assert made.image_alt.endswith("crane…")


def test_pictures_that_come_with_a_json_feed_have_their_titles() -> None:
    attached = [
        {"url": "https://e.org/b.png", "mime_type": "image/png", "title": "A\nship"},
        {"url": "https://e.org/c.mp3", "mime_type": "audio/mpeg", "title": "Episode 3"},
    ]
    item = {"id": "1", "title": "Bridge", "content_text": "Open.", "attachments": attached}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Bay", "items": [item]}
    made = only(json.dumps(feed).encode())
    assert (made.image, made.image_alt) == ("https://e.org/b.png", "A ship")
    assert [(one.kind, one.alt) for one in made.enclosures] == [
        (EnclosureKind.PICTURE, "A ship"),
        (EnclosureKind.AUDIO, ""),
    ]


ENTRY = "<entry><id>1</id><title>x</title><icon>/e.png</icon></entry>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Bay</title>{}</feed>"
COVER = "<itunes:image href='/cover.jpg'/>"
LOGO = "<image><url>/logo.png</url><title>Bay</title><link>https://e.org/</link></image>"


@pytest.mark.parametrize("odd", ["", FEEDPARSER])
@pytest.mark.parametrize(
    ("head", "icon"),
    [
        (LOGO, "https://e.org/logo.png"),
        (COVER, "https://e.org/cover.jpg"),
        ("<image><url>javascript:x</url></image>", None),
        ("", None),
    ],
)
def test_a_channel_names_its_picture(head: str, icon: str | None, odd: str) -> None:
    feed = parse_feed(rss(TEXT, head + odd), "", "https://e.org/feed")
    assert feed.icon == icon


@pytest.mark.parametrize(
    ("body", "icon"),
    [
        (rss(TEXT, COVER + LOGO), "https://e.org/logo.png"),
        (ATOM.format("<logo>/l.png</logo><icon>/i.ico</icon>").encode(), "https://e.org/i.ico"),
        (ATOM.format("<logo>/l.png</logo>").encode(), "https://e.org/l.png"),
        (ATOM.format(ENTRY).encode(), None),
        (b'{"title": "Bay", "items": [], "favicon": "/s.png", "icon": "/b"}', "https://e.org/b"),
        (b'{"title": "Bay", "items": [], "favicon": "/s.png"}', "https://e.org/s.png"),
        (b'{"title": "Bay", "items": [], "icon": ["/a.png"]}', None),
    ],
)  # fmt: skip
def test_what_is_made_to_be_small_goes_first(body: bytes, icon: str | None) -> None:
    assert parse_feed(body, "", "https://e.org/feed").icon == icon


def test_the_words_of_a_picture_make_no_other_story() -> None:
    """A corrected one is taken with the next change, and edits no post."""
    silent = story("Bridge", image="https://e.org/a.jpg")
    assert fingerprint(replace(silent, image_alt="Two cranes")) == fingerprint(silent)
