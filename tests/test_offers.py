from __future__ import annotations

import pytest
from stories import story

from bot.i18n import load
from bot.model import Enclosure, EnclosureKind
from bot.offers import Offer, story_offers

MP3 = "https://e.org/1.mp3"


def labels(*enclosures: Enclosure, image: str | None = None) -> list[str]:
    told = story("T", enclosures=enclosures, image=image)
    return [offer.label for offer in story_offers(told, load("en"))]


@pytest.mark.parametrize(
    ("enclosure", "label"),
    [
        (Enclosure(MP3, "audio/mpeg"), "Listen"),
        (Enclosure(MP3, "audio/mpeg", 50_000_000, 2_520), "Listen (42 min)"),
        (Enclosure(MP3, "audio/mpeg", 0, 3_900), "Listen (1 h 5 min)"),
        (Enclosure(MP3, "audio/mpeg", 0, 7_200), "Listen (2 h)"),
        (Enclosure(MP3, "audio/mpeg", 0, 20), "Listen (1 min)"),
        (Enclosure(MP3, "audio/mpeg", 48_600_000), "Listen (49 MB)"),
        (Enclosure(MP3, "audio/mpeg", 1), "Listen"),
        (Enclosure("https://e.org/v", "video/mp4", 0, 60), "Watch (1 min)"),
        (Enclosure("https://e.org/p", "image/png", 2_000_000), "See the picture (2 MB)"),
        (Enclosure("https://e.org/a.pdf", "application/pdf"), "Open the file"),
    ],
)
def test_an_offer_says_what_to_do_and_how_long_it_takes(enclosure: Enclosure, label: str) -> None:
    assert labels(enclosure) == [label]


@pytest.mark.parametrize(
    ("url", "type_", "kind"),
    [
        ("https://e.org/x", "audio", EnclosureKind.AUDIO),
        ("https://e.org/x.MP3?a=b.png", "", EnclosureKind.AUDIO),
        ("https://e.org/x.m4v#t", "application/octet-stream", EnclosureKind.VIDEO),
        ("https://e.org/x.webp", "", EnclosureKind.PICTURE),
        ("https://e.org/x.jpg", "video/mp4", EnclosureKind.VIDEO),
        ("https://e.org/", "", EnclosureKind.DOCUMENT),
    ],
)
def test_a_kind_is_told_by_the_type_or_else_by_the_address(
    url: str, type_: str, kind: EnclosureKind
) -> None:
    assert Enclosure(url, type_).kind is kind


def test_of_each_kind_the_first_is_offered_and_no_picture_that_is_shown_already() -> None:
    image = Enclosure("https://e.org/i.png", "image/png")
    two = (Enclosure(MP3, "audio/mpeg"), Enclosure("https://e.org/2.mp3", "audio/mpeg"))
    video = Enclosure("https://e.org/v.mp4", "video/mp4")
    assert labels(image, *two, video, image=image.url) == ["Listen", "Watch"]
    assert story_offers(story("T", enclosures=two), load("en")) == (Offer("Listen", MP3),)
    assert labels() == []
