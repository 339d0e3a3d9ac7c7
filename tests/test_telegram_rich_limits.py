"""The size of a rich message, counted as Telegram counts, and what it is as JSON."""

from __future__ import annotations

import pytest
from servers.telegram.calls import Json, RefusedError
from servers.telegram.rich import check_rich

from adapters.telegram.rich.blocks import (
    Audio,
    AudioFile,
    Block,
    ButtonRow,
    Caption,
    Cell,
    Collage,
    Details,
    Divider,
    Heading,
    ItemList,
    ListItem,
    Photo,
    PhotoFile,
    Quotation,
    RichMessage,
    SmallPrint,
    TableBlock,
    TextBlock,
)
from adapters.telegram.rich.limits import Size, measure
from adapters.telegram.rich.serialization import as_json, message_json
from adapters.telegram.rich.texts import (
    Bold,
    DateTime,
    InlineButton,
    Italic,
    Link,
    Marked,
    RichButton,
    join_texts,
)

PHOTO = Photo(PhotoFile("https://example.org/a.jpg"))
PRESS = RichButton("Read", callback_data="read?story=x")


def fits(message: RichMessage) -> bool:
    """Tells if the tests' own server takes a message; its own rules count for themselves."""
    try:
        check_rich(message_json(message))
    except RefusedError:
        return False
    return True


def nested(depth: int) -> Block:
    """A quotation of quotations."""
    block: Block = TextBlock("Far down.")
    for _ in range(depth):
        block = Quotation((block,))
    return block


def table(rows: int, columns: int, colspan: int = 1) -> TableBlock:
    return TableBlock(((Cell("x", colspan=colspan),) * columns,) * rows)


@pytest.mark.parametrize(
    "blocks",
    [
        (TextBlock("x" * 32_768),),
        (TextBlock("😀" * 32_768),),
        (TextBlock(("日本" * 8_000, Bold("x" * 16_768))),),
        (TextBlock("x" * 32_764), ButtonRow((PRESS,))),
        (Details("x" * 30_000, (TextBlock("y" * 2_768),)),),
        (Divider(),) * 500,
        (ItemList((ListItem((TextBlock("x"),)),) * 249),),
        (table(499, 3),),
        (PHOTO,) * 50,
        (Collage((PHOTO,) * 50),),
        (table(2, 20),),
        (table(2, 10, colspan=2),),
        (ButtonRow((PRESS,) * 8),),
        (nested(10),),
    ],
)
def test_what_is_just_within_a_limit_fits(blocks: tuple[Block, ...]) -> None:
    message = RichMessage(blocks)
    assert (measure(message).fits, fits(message)) == (True, True)


@pytest.mark.parametrize(
    "blocks",
    [
        (TextBlock("x" * 32_769),),
        (TextBlock("😀" * 32_769),),
        (TextBlock("x" * 32_765), ButtonRow((PRESS,))),
        (Heading("x" * 20_000, 1), SmallPrint("y" * 12_769)),
        (Divider(),) * 501,
        (ItemList((ListItem((TextBlock("x"),)),) * 250),),
        (table(500, 3),),
        (PHOTO,) * 51,
        (Details("Pictures", (Collage((PHOTO,) * 51),)),),
        (table(2, 21),),
        (table(2, 11, colspan=2),),
        (ButtonRow((PRESS,) * 9),),
        (nested(20),),
        (ItemList(()),),
        (ButtonRow(()),),
        (Details("Nothing", ()),),
        (),
    ],
)
def test_what_is_just_beyond_a_limit_does_not(blocks: tuple[Block, ...]) -> None:
    message = RichMessage(blocks)
    assert (measure(message).fits, fits(message)) == (False, False)


def test_each_limit_is_counted() -> None:
    message = RichMessage(
        (
            Heading(("1. ", Link("Osaka", "https://example.org/a-long-address")), 2),
            ItemList((ListItem((TextBlock(Marked("Expo")),)),)),
            Collage((PHOTO, PHOTO)),
            Audio(AudioFile("https://example.org/a.mp3", title="Osaka"), Caption("Hear")),
            table(2, 3),
            ButtonRow((PRESS, PRESS)),
        )
    )
    assert measure(message) == Size(
        characters=len("1. OsakaExpoHearxxxxxxReadRead"),
        blocks=12,
        depth=4,
        media=3,
        columns=3,
        row=2,
    )


@pytest.mark.parametrize(
    ("part", "body"),
    [
        (TextBlock("A & <b>"), {"type": "paragraph", "text": "A & <b>"}),
        (
            Heading(Italic("A"), 3),
            {"type": "heading", "size": 3, "text": {"type": "italic", "text": "A"}},
        ),
        (
            SmallPrint(DateTime("today", 5, "Dt")),
            {
                "type": "footer",
                "text": {
                    "type": "date_time",
                    "text": "today",
                    "unix_time": 5,
                    "date_time_format": "Dt",
                },
            },
        ),
        (
            ItemList((ListItem((TextBlock("A"),), 3, "1"),)),
            {
                "type": "list",
                "items": [
                    {"blocks": [{"type": "paragraph", "text": "A"}], "value": 3, "type": "1"}
                ],
            },
        ),
        (
            TableBlock(((Cell("A"), Cell(InlineButton(PRESS), "right")),), is_striped=True),
            {
                "type": "table",
                "is_striped": True,
                "cells": [
                    [
                        {"text": "A", "align": "left", "valign": "top"},
                        {
                            "text": {
                                "type": "button",
                                "button": {"text": "Read", "callback_data": "read?story=x"},
                            },
                            "align": "right",
                            "valign": "top",
                        },
                    ]
                ],
            },
        ),
        (
            Photo(PhotoFile("https://example.org/a.jpg"), Caption("A")),
            {
                "type": "photo",
                "photo": {"type": "photo", "media": "https://example.org/a.jpg"},
                "caption": {"text": "A"},
            },
        ),
    ],
)
def test_a_part_is_sent_by_the_names_of_the_api(part: Block, body: Json) -> None:
    assert as_json(part) == body


def test_nothing_is_detected_unless_that_is_wanted() -> None:
    blocks = (TextBlock("See /help"),)
    assert message_json(RichMessage(blocks)) == {
        "blocks": [{"type": "paragraph", "text": "See /help"}],
        "skip_entity_detection": True,
    }
    detecting = message_json(RichMessage(blocks, is_rtl=True, skip_entity_detection=False))
    assert (detecting["is_rtl"], detecting["skip_entity_detection"]) == (True, False)


def test_texts_are_joined_without_the_empty_ones() -> None:
    assert join_texts(("", "A", (), Bold("B"), ""), " · ") == ("A", " · ", Bold("B"))
    assert join_texts(("", "A"), " · ") == "A"
    assert not join_texts((), " · ")
