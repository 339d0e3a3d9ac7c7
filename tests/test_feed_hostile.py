from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.parse import parse_feed
from bot.errors import SourceError

GOOD = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Päper</title>'
    + "".join(
        f"<item><title>T{n} &amp; more</title><link>https://e.org/{n}</link>"
        f"<description><![CDATA[<p>Text {n}</p>]]></description></item>"
        for n in range(12)
    )
    + "</channel></rss>"
).encode()


def survives(body: bytes) -> None:
    """Reads, or says in one line why not."""
    try:
        parse_feed(body, "", "https://e.org/")
    except SourceError as error:
        reason = str(error)
    else:
        reason = "none"
    assert reason
    assert "\n" not in reason


def doctype(inside: str, title: str) -> bytes:
    item = f"<item><title>{title}</title></item>"
    return f"<!DOCTYPE rss [{inside}]><rss><channel>{item}</channel></rss>".encode()


def test_a_billion_laughs_are_refused() -> None:
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {"abcdefghij"[n]} "{"&" + "abcdefghij"[n - 1] + ";"}">' for n in range(1, 10)
    )
    with pytest.raises(SourceError, match="made of other entities"):
        parse_feed(doctype(laughs, "&j;"), "", "")


def test_a_quadratic_blow_up_is_refused() -> None:
    with pytest.raises(SourceError, match="too large"):
        parse_feed(doctype(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 10_000), "", "")


def test_small_entities_of_a_document_are_read() -> None:
    feed = parse_feed(doctype("<!ENTITY a \"one\"><!ENTITY b 'two'>", "&a; &b;"), "", "")
    assert feed.items[0].title == "one two"


def test_nothing_outside_a_document_is_read() -> None:
    inside = '<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "https://e.org/x.dtd"> %p;'
    feed = parse_feed(doctype(inside, "a &x; b"), "", "")
    assert "root" not in feed.items[0].title


@pytest.mark.parametrize("end", range(0, len(GOOD), 100))
def test_a_document_may_end_anywhere(end: int) -> None:
    survives(GOOD[:end])


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel>" + b"<item>" * 20_000,
        b"<a>" * 20_000,
        b"<rss><channel><item><title>" + b"&lt;b&gt;" * 50_000 + b"</title></item></channel></rss>",
        b"<rss><channel><item><link x='" + b"a" * 1_000_000 + b"'>/</link></item></channel></rss>",
        b"<rss><channel><item><title>" + b"t" * 1_000_000 + b"</title></item></channel></rss>",
        GOOD.replace(b"T", b"\x00T"),
        GOOD.replace(b"<title>", b"<title><![CDATA["),
        GOOD.replace(b"</item>", b""),
        GOOD.replace(b"rss", b"x:rss"),
        b"\x00" * 10_000,
        b"\xff\xfe" + GOOD,
        b"<?xml version='1.0' encoding='base64'?>" + GOOD[21:],
        b"<?xml version='1.0' encoding='utf-16'?>" + GOOD[21:],
        b"<!DOCTYPE " + b"[" * 10_000,
        b"<!--" * 10_000,
        b'{"items": ' + b"[" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1e999}]}',
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'><div xmlns="
        b"'http://www.w3.org/1999/xhtml'>"
        + b"<i>" * 200
        + b"</i>" * 200
        + b"</div></title></entry></feed>",
    ],
)
def test_hostile_documents_do_no_harm(body: bytes) -> None:
    survives(body)


def test_a_long_title_is_cut() -> None:
    body = b"<rss><channel><item><title>" + b"t " * 500_000 + b"</title></item></channel></rss>"
    assert len(parse_feed(body, "", "").items[0].title) == 1_000


@given(body=st.binary(max_size=400))
def test_random_bytes_do_no_harm(body: bytes) -> None:
    survives(body)
    survives(b"<rss><channel><item><title>" + body)


@given(seed=st.integers(0, 1 << 32))
def test_a_damaged_document_does_no_harm(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - hypothesis gives the seed
    body = bytearray(GOOD)
    for _ in range(chance.randint(1, 20)):
        at = chance.randrange(len(body))
        body[at : at + chance.randint(0, 5)] = chance.choice(
            [b"<", b">", b"&", b"]]>", b"\x00", b"\xff", b"</item>", b"<![CDATA[", b"'", b""]
        )
    survives(bytes(body))
