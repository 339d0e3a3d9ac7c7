"""Parts of reading a page: its encoding, nesting, dates, titles, and what it says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.model import NotAFeedError
from adapters.sources.feed.page_facts import read_page_facts
from adapters.sources.page.charsets import decode_page
from adapters.sources.page.dates import DAY_FIRST, MONTH_FIRST, date_in_url, find_date, month_order
from adapters.sources.page.document import read_document, text_of
from adapters.sources.page.fields import is_title
from adapters.sources.page.links import address_looks, canonical_key
from adapters.sources.page.nesting import mend_nesting
from adapters.sources.page.reader import read_page


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Posted on November 20, 2026 by Ann", "2026-11-20"),
        ("20 November 2026 | News", "2026-11-20"),
        ("Friday, 20th of November, 2026", "2026-11-20"),
        ("By Jo Reef, Nov. 20, 2026 at 8:15 am", "2026-11-20"),
        ("Published: 2026-11-20T08:15:00+01:00", "2026-11-20"),
        ("[2026/11/20] 通知", "2026-11-20"),
        ("2026.11.20.", "2026-11-20"),
        ("2026年11月20日（金） 14時30分", "2026-11-20"),
        ("令和8年11月20日 総務課", "2026-11-20"),
        ("令和元年5月1日", "2019-05-01"),
        ("平成30年 4月 1日", "2018-04-01"),
        ("2026년 11월 20일", "2026-11-20"),
        ("Veröffentlicht am 20. November 2026 von Anna", "2026-11-20"),
        ("20.11.2026, 14:30 Uhr", "2026-11-20"),
        ("20 de noviembre de 2026", "2026-11-20"),
        ("Publié le 20 novembre 2026 à 14:30", "2026-11-20"),
        ("20 ноября 2026, 14:30", "2026-11-20"),
        ("20 نوفمبر 2026", "2026-11-20"),
        ("11/20/2026", "2026-11-20"),
        ("Room 2026", ""),
        ("Season 2025-2026", ""),
        ("3 hours ago", ""),
        ("call 555-2026 or 12-34-5678", ""),
        ("November 2026", ""),
        ("version 10.2.2026.1", ""),
    ],
)
def test_a_date_is_found_among_other_words(text: str, day: str) -> None:
    found = find_date(text)
    assert (f"{found.moment:%Y-%m-%d}" if found else "") == day


@pytest.mark.parametrize(
    ("texts", "host", "order"),
    [
        (["05/06/2026", "05/28/2026"], "e.org", MONTH_FIRST),
        (["05/06/2026", "28/05/2026"], "e.org", DAY_FIRST),
        (["05.06.26", "05.28.26"], "e.org", MONTH_FIRST),
        (["05/06/2026", "06/06/2026"], "city.gov", MONTH_FIRST),
        (["05/06/2026", "06/06/2026"], "e.org", ""),
        (["no date"], "e.org", ""),
    ],
)
def test_a_list_tells_which_figure_is_the_month(texts: list[str], host: str, order: str) -> None:
    assert month_order(texts, host) == order


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        (MONTH_FIRST, "05/06/2026", "2026-05-06"),
        (MONTH_FIRST, "05.06.26", "2026-05-06"),
        (DAY_FIRST, "05/06/2026", "2026-06-05"),
        (DAY_FIRST, "5-6-2026", "2026-06-05"),
    ],
)
def test_figures_are_read_in_the_lists_order(order: str, text: str, day: str) -> None:
    found = find_date(text, order)
    assert found is not None
    assert f"{found.moment:%Y-%m-%d}" == day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://e.org/2026/11/20/story", "2026-11-20"),
        ("https://e.org/news/20261120-story.html", "2026-11-20"),
        ("https://e.org/2026-11-20/story", "2026-11-20"),
        ("https://e.org/story/20261345", ""),
        ("https://e.org/2026/story", ""),
    ],
)
def test_an_address_may_have_its_day(url: str, day: str) -> None:
    found = date_in_url(url)
    assert (f"{found.moment:%Y-%m-%d}" if found else "") == day


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<a href=1>x <a href=2>y</a>", "<a href=1>x </a><a href=2>y</a>"),
        ("<li><div>a</li><li>b</li>", "<li><div>a</div></li><li>b</li>"),
        ("<td><div>a</td></tr>", "<td><div>a</div></td>"),
        ("<div>a</div></div></div>", "<div>a</div>"),
        ("<ul><li>a<ul><li>b</ul>c</ul>", "<ul><li>a<ul><li>b</li></ul>c</li></ul>"),
        ("<script>if (a<b) '</div>'</script><p>", "<script>if (a<b) '</div>'</script><p>"),
        ("<!-- <div> --><div>x</div>", "<!-- <div> --><div>x</div>"),
        ("<dl><dt>1<dd>a<dt>2<dd>b</dl>", "<dl><dt>1</dt><dd>a</dd><dt>2</dt><dd>b</dd></dl>"),
        ("1 < 2 <p>ok", "1 < 2 <p>ok"),
    ],
)
def test_nesting_is_mended_as_browsers_do(broken: str, mended: str) -> None:
    assert mend_nesting(broken) == mended
    assert mend_nesting(mended) == mended


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        ("ü".encode(), "", "ü"),
        ("ü".encode("cp1252"), "", "ü"),
        ("ü".encode("cp1252"), "text/html; charset=iso-8859-1", "ü"),
        (b'<meta charset="shift_jis">' + "港".encode("shift_jis"), "", "港"),
        (
            b'<meta http-equiv=c content="text/html; charset=euc-kr">' + "항".encode("euc-kr"),
            "",
            "항",
        ),
        ("\ufeff港".encode(), "text/html; charset=latin-1", "港"),
        (b"caf\xe9", "text/html; charset=nonsense", "café"),
        (b'<meta charset="nonsense">caf\xe9', "", "café"),
    ],
)
def test_a_page_is_decoded_as_it_says_or_as_it_is(body: bytes, header: str, text: str) -> None:
    assert decode_page(body, header).endswith(text)


@pytest.mark.parametrize(
    "text",
    ["Read more", "Continue reading →", "Weiterlesen …", "続きを読む", "12 comments",
     "Leer más", "Подробнее", "123", "»", "https://example.org/a/b", "2 hours ago",
     "12 jam, 17 menit yang lalu", "20 November 2026", "最后发表: 2026-11-20 09:41",
     "最后发表: 3小时前", "Reply to Jo"],
)  # fmt: skip
def test_what_leads_on_is_no_title(text: str) -> None:
    assert not is_title(text)


@pytest.mark.parametrize(
    "text",
    [
        "More than words",
        "12 angry men return",
        "Share prices fall",
        "Statement on the vote of 20 November 2026",
        "港の新しい岸壁",
        "2026年の抱負",
    ],
)
def test_a_headline_is_one(text: str) -> None:
    assert is_title(text)


@pytest.mark.parametrize(
    ("url", "looks"),
    [
        ("https://e.org/2026/11/a-story", 1.0),
        ("https://e.org/news/the-new-ferry-terminal", 1.0),
        ("https://e.org/show.php?id=12", 1.0),
        ("https://e.org/category/local", -1.0),
        ("https://e.org/login", -1.0),
        ("https://e.org/tag/boats/", -1.0),
        ("https://e.org/about", -1.0),
    ],
)
def test_an_address_looks_like_a_storys_or_a_sections(url: str, looks: float) -> None:
    assert address_looks(url) == looks


def test_a_storys_key_is_its_page_whatever_leads_there() -> None:
    keys = {
        canonical_key(url)
        for url in (
            "https://www.e.org/a?b=1&c=2",
            "http://e.org/a/?c=2&b=1&utm_source=x",
            "https://e.org/a?b=1&c=2&fbclid=5",
        )
    }
    assert len(keys) == 1
    assert canonical_key("https://e.org/") == ""


def test_blocks_are_parted_and_inline_elements_are_not() -> None:
    document = read_document(b"<div><h3>Old<b>er</b></h3><p>Text</p>\xee\x80\x81</div>", "", "")
    assert document is not None
    assert text_of(document.root) == "Older Text"


@pytest.mark.parametrize(
    ("head", "title", "feeds", "api"),
    [
        ("<title>A &amp; B</title>", "A & B", (), ""),
        ('<meta property="og:site_name" content="Bay"><title>x</title>', "Bay", (), ""),
        ('<link rel="alternate feed" href="/f" title="F">', "", ("https://e.org/f",), ""),
        (
            '<a rel="alternate" type="application/atom+xml" href="a">x</a>',
            "",
            ("https://e.org/a",),
            "",
        ),
        ('<link rel="https://api.w.org/" href="/wp-json/">', "", (), "https://e.org/wp-json/"),
        ('<a href="/news/feed/">Subscribe</a>', "", ("https://e.org/news/feed/",), ""),
        ('<a href="/subscribe">RSS-Feed</a>', "", ("https://e.org/subscribe",), ""),
        ('<a href="/about-rss">About our feeds</a>', "", (), ""),
        ('<a href="javascript:feed()">RSS</a>', "", (), ""),
        ("<?xml version='1.0' encoding='x'?><title>T</title>", "T", (), ""),
    ],
)
def test_a_page_says_what_it_is(head: str, title: str, feeds: tuple[str, ...], api: str) -> None:
    facts = read_page_facts(f"<html><head>{head}</head></html>", "https://e.org/")
    found = tuple(each.url for each in facts.feeds)
    assert (facts.title, found, facts.api) == (title, feeds, api)


def test_a_page_of_youtube_names_its_channels_feed() -> None:
    page = '<meta itemprop="identifier" content="UCabcdefghijklmnopqrstuv">'
    facts = read_page_facts(page, "https://www.youtube.com/@handle")
    assert facts.feeds[0].url.endswith("?channel_id=UCabcdefghijklmnopqrstuv")
    assert read_page_facts(page, "https://example.org/").feeds == ()
    told = f'<meta property="og:url" content="https://www.youtube.com/channel/UC{"x" * 22}">'
    (feed,) = read_page_facts(told, "https://www.youtube.com/c/Name").feeds
    assert feed.url.endswith(f"?channel_id=UC{'x' * 22}")


PIECES = st.sampled_from(
    ["<ul>", "</ul>", "<li>", "</li>", "<div class=x>", "</div>", "<a href=/n/1-long-slug-here>",
     "<a href='/n/2?x=1'>", "</a>", "<table>", "<tr>", "<td>", "</table>", "<h2>", "</h2>", "<!--",
     "-->", "<script>", "</script>", "<time datetime=2026-11-20>", "</time>", "Story of the bay ",
     "20.11.2026 ", "<", ">", "\x00", "\ud800", "<img src=/p.jpg>", "<base href=/[>", "&#x110000;"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_page_breaks_the_reader(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    try:
        feed = read_page(body, "", "https://e.org/news")
    except NotAFeedError:
        return
    assert all(item.title and item.url for item in feed.items)
