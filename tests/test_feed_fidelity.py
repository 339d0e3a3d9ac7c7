from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed_compare import misses

SUITE = Path(__file__).parents[2] / "shared" / "bench" / "feeds_feedparser_suite.tar.gz"

# Where we differ from feedparser on its own suite, and why that is no loss.
DIFFERENT = {
    # what is UTF-8 but for one letter is mended there, not taken for another encoding
    "bozo_invalid-bytes-with-bom.xml",
    # text that was encoded twice is mended
    "bozo_linenoise.xml",
    # what stands inside <iframe>…</iframe> is shown to nobody
    "entry_content_iframe.xml",
    "entry_summary_iframe.xml",
    # the "title" of a whole page in a text, and the program in it, are no part of the text
    "entry_content_crazy.xml",
    "entry_summary_crazy.xml",
    "entry_title_crazy.xml",
    "feed_title_crazy.xml",
    "item_description_crazy.xml",
    "item_fullitem_crazy.xml",
    "item_content_encoded_crazy.xml",
    # marks of sections and document types are no words
    "item_content_encoded_script_nested_cdata.xml",
    "xml_declaration_unexpected_character.xml",
    # encodings that nothing declares: neither of us knows them, and each sees other letters
    *(f"{name}.xml" for name in "big5 eucjp euckr gb2312 shiftjis tis620".split()),
}


def feeds() -> Iterator[tuple[str, bytes]]:
    with tarfile.open(SUITE) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None and "/tests/" in member.name:
                yield member.name.partition("/tests/")[2], stream.read()


@pytest.mark.slow
@pytest.mark.skipif(not SUITE.exists(), reason="the feeds are not there")
def test_nothing_that_feedparser_finds_in_its_own_suite_is_lost() -> None:
    lacking = {
        name: found for name, body in feeds() if (found := misses(body, f"http://127.0.0.1/{name}"))
    }
    assert {
        name: found for name, found in lacking.items() if Path(name).name not in DIFFERENT
    } == {}
    assert {Path(name).name for name in lacking} == DIFFERENT
