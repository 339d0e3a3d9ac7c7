from __future__ import annotations

import pytest
from hostile import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.html_images import image_of
from adapters.sources.feed.html_text import MAX_TITLE, clean_line, item_text, one_line
from adapters.sources.feed.model import Markup, MarkupKind
from bot.model import Paragraph
from bot.text.display import strip_hidden


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain  title\n here", "Plain title here"),
        ("AT&amp;T &#8217;s caf&eacute;", "AT&T ’s café"),
        ("AT&amp;amp;T", "AT&T"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("&amp;lt;b&amp;gt;Bold&amp;lt;/b&amp;gt; move", "Bold move"),
        ("<em>Very</em> good", "Very good"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("Using the <b> tag", "Using the <b> tag"),
        ("vector<int> explained", "vector<int> explained"),
        ("Q&A: R&D", "Q&A: R&D"),
        ("\u202eevil\u202c\u200b news\ufeff", "evil news"),
        ("A\u00a0B\u2028C\tD", "A B C D"),
        ("cafe\u0301", "café"),
        ("It\x92s", "It’s"),
        ("cafÃ©", "café"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("x" * 1_000_000, "x" * (MAX_TITLE - 1) + "…"),
        ("", ""),
    ],
)
def test_a_title_becomes_one_clean_line(text: str, expected: str) -> None:
    assert one_line(Markup(text)) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Using the <b> tag", MarkupKind.HTML, "Using the tag"),
        ("<b>x</b> &amp; y", MarkupKind.PLAIN, "<b>x</b> &amp; y"),
    ],
)
def test_what_the_feed_says_of_a_text_is_believed(
    text: str, kind: MarkupKind, expected: str
) -> None:
    assert one_line(Markup(text, kind)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One <b>two</b>.</p><p>Three</p>", ["One two.", "Three"]),
        ("One<br><br/>two<br>three", ["One", "two three"]),
        ("One\n\nTwo", ["One", "Two"]),
        ("<ul><li>a<li><p>b</p></ul>c", ["• a", "• b", "c"]),
        ("<table><tr><td>a<td>b</tr><tr><td>c</table>", ["a | b", "c"]),
        ("<blockquote><p>Said</p></blockquote> <q>x</q>", ["Said", "“x”"]),
        ("<figure><img src=a.jpg><figcaption>no</figcaption></figure>yes", ["yes"]),
        ("a<script>b()</script><style>c{}</style><form>d</form>e", ["ae"]),
        ("a<iframe src=x></iframe>b<div hidden>c</div><i style='display: none'>d</i>", ["ab"]),
        ("a<i aria-hidden='true'>b</i><p style='display: block'>c</p>", ["ab", "c"]),
        ("a<div style='visibility: hidden'>b</div>c<span class=x hidden>d</span>", ["a", "c"]),
        ("<div class=sr-only><div>a</div> b</div><span hidden>c <span>d</span> e</span>f", ["f"]),
        ("<ul><li></li><li> <p>a</p></li><li><ol><li>b</ol></li><li></ul>", ["• a", "• b"]),
        ("<ul><li>a<li>", ["• a"]),
        ("<dl><dt>A:</dt><dd>a</dd><dt><b>B</b> :</dt><dd>b</dl>", ["A: a", "B: b"]),
        ("<dl><dt></dt><dd>a<dt>B::</dt><dd>b</dl>", ["a", "B::", "b"]),
        ("a<form><p>never closed</p>", ["a", "never closed"]),
        ("a<!-- never closed <p>b</p>", ["a", "b"]),
        ("<pre>l1\nl2</pre>", ["l1", "l2"]),
        ("<pre><b>def</b> <i>f</i>():\n  <b>pass</b>\n</pre>x", ["def f():", "pass", "x"]),
        ("<img class=wp-smiley alt='🙂' src=x.png> hi", ["🙂 hi"]),
        (
            "&lt;p&gt;escaped &amp;amp; so&lt;/p&gt;&lt;p&gt;twice&lt;/p&gt;",
            ["escaped & so", "twice"],
        ),
        ("<p>a <a title='x > y' href=z>b</a> c</p><p>d</p>", ["a b c", "d"]),
        ('<p title="1 < 2">a</p><div class="x>y">b => c</div>', ["a", "b => c"]),
        ("<p>a -> b</p><p>if x > y: <em>z</em></p>", ["a -> b", "if x > y: z"]),
        ("<p>1 < 2</p><p>b <c & d</p><p>e</p>", ["1 < 2", "b <c & d", "e"]),
        ("<P>a</P><DIV CLASS='x'>b</DIV>c<!-- <p>d</p> --><p>e ]]></p>", ["a", "b", "c", "e"]),
        ("<p>&nbsp;</p><p></p><div><div>x</div></div>", ["x"]),
        ("", []),
    ],
)
def test_html_becomes_paragraphs(html: str, expected: list[str]) -> None:
    assert [part.text for part in item_text(Markup(html, MarkupKind.HTML)).paragraphs] == expected


def test_headings_are_told_from_paragraphs() -> None:
    found = item_text(Markup("<h2>Head</h2><p>Text</p><h3>" + "x" * 300 + "</h3>", MarkupKind.HTML))
    assert found.paragraphs[:2] == (Paragraph("Head", heading=True), Paragraph("Text"))
    assert not found.paragraphs[2].heading


@pytest.mark.parametrize(
    ("html", "headings"),
    [
        ("<p>a</p><h2><p>b</p></h2><p>c</p><h3> <i>d</i></h3>", ["b", "d"]),
        ("<h2></h2><p>a</p><h2><h3>b</h3></h2>c", ["b"]),
        ("<h2>a<br>b</h2><ul><li>c<h4>d</h4></ul>e</h5>", ["a b", "d"]),
    ],
)
def test_a_heading_is_the_paragraph_that_it_begins_before(html: str, headings: list[str]) -> None:
    found = item_text(Markup(html, MarkupKind.HTML)).paragraphs
    assert [one.text for one in found if one.heading] == headings


def test_pictures_are_found_even_where_they_load_late() -> None:
    html = (
        "<img src='data:x' data-src='/a.jpg' style='width: 640px'><img src=b.gif width=1 height=1>"
    )
    first, second = map(image_of, item_text(Markup(html, MarkupKind.HTML)).images)
    assert first
    assert second
    assert (first.address, first.width) == ("/a.jpg", 640)
    assert (second.width, second.height) == (1, 1)


@given(texts=st.lists(st.text(st.characters(exclude_characters="<>&"), min_size=1), max_size=6))
def test_many_paragraphs_are_cleaned_as_each_alone(texts: list[str]) -> None:
    html = "".join(f"<p>{text}</p>" for text in texts)
    parts = item_text(Markup(html, MarkupKind.HTML)).paragraphs
    told = [text for text in texts if text.strip()]
    assert [part.text for part in parts] == [line for line in map(clean_line, told) if line]


@pytest.mark.parametrize(
    "text",
    ["cafÃ©", "cafe\u0301 ", "It\x92s", "a\xa0\xa0b", "é a©", "\x1f", "\xad", "\x85 a"],
)
def test_an_odd_paragraph_is_cleaned_among_others(text: str) -> None:
    html = f"<p>One</p><p>{text}</p><p>Två  tre</p>"
    parts = item_text(Markup(html, MarkupKind.HTML)).paragraphs
    assert [part.text for part in parts] == list(filter(None, ["One", clean_line(text), "Två tre"]))


@given(
    text=HOSTILE | st.text(st.sampled_from("<>&;/ab p=\"'!-[]\n")), kind=st.sampled_from(MarkupKind)
)
def test_any_text_becomes_clean(text: str, kind: MarkupKind) -> None:
    parts = [part.text for part in item_text(Markup(text, kind)).paragraphs]
    for line in (one_line(Markup(text, kind)), *parts):
        assert line == " ".join(strip_hidden(line).split())
    assert all(parts)


def test_nesting_of_any_depth_is_read() -> None:
    deep = "<div>" * 50_000 + "x" + "</div>" * 50_000
    assert len(item_text(Markup(deep, MarkupKind.HTML)).paragraphs) <= 1
