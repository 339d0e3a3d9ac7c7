"""Extracts the main text of a web page, without its navigation, with trafilatura."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import Paragraph
from bot.text.display import strip_hidden

_MIN_TEXT = 200  # characters; a shorter text is a teaser, or a notice about cookies
_MAX_PARAGRAPHS = 500  # paragraphs


def extract_article(page: bytes, url: str, charset: str) -> tuple[Paragraph, ...]:
    """Returns the paragraphs of the story on a page; none where no story is found.

    It is slow, and some pages are made to make it slower: call it where it can be killed.

    Args:
        page: The page's bytes.
        url: Its URL.
        charset: The server's; empty when it names none.
    """
    import trafilatura  # noqa: PLC0415 - an extra, and large

    text = page.decode(charset or "utf-8", "replace") if charset else page
    found = trafilatura.extract(
        text,
        url=url,
        output_format="xml",
        include_comments=False,
        include_tables=False,
        include_images=False,
        include_links=False,
        favor_precision=True,
    )
    if not found:
        return ()
    paragraphs = tuple(_paragraphs(found))[:_MAX_PARAGRAPHS]
    return paragraphs if sum(len(p.text) for p in paragraphs) >= _MIN_TEXT else ()


def _paragraphs(document: str) -> Iterator[Paragraph]:
    from lxml import etree  # noqa: PLC0415 - only workers need it, not the bot's own process

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    main = etree.fromstring(document.encode(), parser).find("main")
    for block in main.iter("p", "head", "item", "quote") if main is not None else ():
        inner = block.find(".//p") is not None
        text = "" if inner else " ".join(strip_hidden("".join(block.itertext())).split())
        if text:
            yield Paragraph(f"• {text}" if block.tag == "item" else text, block.tag == "head")


def import_extractor() -> None:
    """Imports trafilatura, so that what it lacks shows before the first page is read.

    Raises:
        ImportError: It, or something that it needs in turn, is missing.
    """
    import trafilatura  # noqa: F401, PLC0415 - an extra, and large
