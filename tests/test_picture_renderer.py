"""Drawing by resvg, in processes of its own."""

from __future__ import annotations

import asyncio

import pytest
from scripted_renderer import needs_resvg, size_of_png

from adapters.pictures.renderer import ResvgRenderer, open_renderer
from bot.errors import PictureError
from bot.trends.svg import Svg

pytestmark = [needs_resvg, pytest.mark.process]


def picture(text: str = "", width: float = 40, height: float = 30) -> str:
    svg = Svg(width, height, "#ffffff", text)
    svg.text(4, 20, text, fill="#000000", size=16)
    return str(svg)


async def test_a_picture_is_drawn_as_large_as_is_asked() -> None:
    renderer = open_renderer()
    assert renderer
    assert size_of_png(await renderer.png(picture(), 3)) == (120, 90)


async def test_every_letter_has_a_glyph_of_its_own() -> None:
    # Where a font lacks them, all would be the same empty box.
    letters = "大阪한ひЖĄ"
    drawn = [await ResvgRenderer().png(picture(letter), 2) for letter in letters]
    blank = await ResvgRenderer().png(picture(" "), 2)
    assert len({*drawn, blank}) == len(letters) + 1


@pytest.mark.parametrize("svg", ["", "no picture", "<svg", "<html/>"])
async def test_what_is_no_svg_is_an_error(svg: str) -> None:
    with pytest.raises(PictureError, match="ended with 1"):
        await ResvgRenderer().png(svg, 1)


async def test_a_process_that_dies_is_an_error_and_the_next_one_draws() -> None:
    with pytest.raises(PictureError, match="ended with -9"):
        await ResvgRenderer(module="drawing_dies").png(picture(), 1)
    assert await ResvgRenderer().png(picture(), 1)


async def test_a_process_that_hangs_is_ended() -> None:
    with pytest.raises(PictureError, match=r"more than 0\.2 s"):
        await ResvgRenderer(module="drawing_hangs", deadline=0.2).png(picture(), 1)


async def test_who_no_longer_waits_leaves_no_process() -> None:
    drawing = asyncio.create_task(ResvgRenderer(module="drawing_hangs").png(picture(), 1))
    await asyncio.sleep(0.1)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing


async def test_the_event_loop_goes_on_while_a_picture_is_drawn() -> None:
    svg = Svg(400, 300, "#ffffff", "")
    for at in range(60):
        svg.add("circle", cx=at % 400, cy=at % 300, r=90, fill="#3570c0", fill_opacity=0.01)
    drawing = asyncio.create_task(ResvgRenderer().png(str(svg), 3))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0)
        turns += 1
    assert await drawing
    # In a thread it would turn but a few times, since the library holds Python's lock.
    assert turns > 100
