"""RSS says that a description is HTML: one tag of HTML's is enough, and no tag is shown."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.html_names import HTML_NAMES
from adapters.sources.feed.parse import parse_feed

SENTENCE = "<p>The cranes were <b>sold</b> today.</p>"
WORDS = "The cranes were sold today."


def summary(description: str, *, element: str = "description", title: str = "T") -> str:
    item = (
        f"<item><title>{escape(title)}</title><{element}>{escape(description)}</{element}></item>"
    )
    names = (
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    feed = f'<rss version="2.0" {names}><channel><title>F</title>{item}</channel></rss>'
    parsed = parse_feed(feed.encode(), "application/rss+xml", "https://e.org/feed").items[0]
    assert parsed.summary == " ".join(part.text for part in parsed.paragraphs)
    return parsed.summary


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<label for="x">Price</label><p>So it goes.</p>', " Price So it goes."),
        ("<details><summary>More</summary><p>So it goes.</p></details>", " More So it goes."),
        ("<details open><summary>More</summary>So it goes.</details>", " More So it goes."),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", " 漢(kan)"),
        ("<my-card kind='x'>Card</my-card>", " Card"),
        ("<fb:like href='https://e.org/'></fb:like>", ""),
        ("<bdi>A</bdi><wbr>B<data value=1>C</data><time>D</time>", " ABCD"),
        ("<center><font color=red>Old</font></center><marquee>days</marquee>", " Old days"),
        ("<dl><dt>Word<dd>Meaning</dl>", " Word Meaning"),
        ("<ul><li>one<li>two</ul>", " • one • two"),
        ("<ol><li>never closed", " • never closed"),
        ("<hgroup><h2>Head</h2></hgroup><search>Look</search>", " Head Look"),
        ("<output>5</output><nobr>km</nobr>", " 5km"),
        ("<math><mi>x</mi></math>", ""),
    ],
)
def test_html_of_any_element_is_read(html: str, shown: str) -> None:
    assert summary(SENTENCE + html) == WORDS + shown


@pytest.mark.parametrize(
    "html",
    [
        "<button>Buy</button>",
        "<button type='submit' disabled>Buy <b>now</b></button>",
        "<select><option>A<option selected>B</select>",
        "<datalist id=d><option value=x>X</option></datalist>",
        "<textarea rows=3>Your words</textarea><input type=text value='Go'>",
        "<meter value=2>2 of 10</meter><progress>70 %</progress>",
        "<form action='/s'><input name=q></form>",
        '<svg><path d="M1"/></svg>',
        "<svg viewBox='0 0 1 1'><use href='#a'/><title>Icon</title></svg>",
        "<svg><g><svg><text>in</text></svg></g><text>out</text></svg>",
        "<script>if (a<b && c>d) document.write('<p>x</p>')</script>",
        "<script type='text/template'><p>x</p></script>",
        "<script><!-- x('</p>') //--></script>",
        "<style>p > b { color: red }</style>",
        "<style>/* never closed { }",
        "<noframes>old</noframes><template><p>later</p></template>",
        "<iframe src='https://e.org/'>no frames</iframe><iframe src='https://e.org/' />",
        "<audio controls>no sound<p>here</p></audio><video><source src=a.mp4>none</video>",
        "<p hidden>nobody<p><div style='display:none'><div>sees</div> this</div>",
        "<!-- a comment, <p>even with tags</p> --><!----><!-->",
        "<?php echo 'x' ?><!DOCTYPE html>",
    ],
)
def test_what_no_reader_would_see_adds_no_word(html: str) -> None:
    assert summary(SENTENCE + html) == WORDS
    assert summary(html + SENTENCE) in {WORDS, ""}


@pytest.mark.parametrize(
    "html",
    [
        f"<html><head><title>t</title></head><body>{SENTENCE}</body></html>",
        f"<!DOCTYPE html>\n<html lang='en'><head><meta charset=utf-8></head>{SENTENCE}",
        f"<body bgcolor='#fff'>{SENTENCE}",
        f"<head><title>t</title><script>x()</script></head>{SENTENCE}</html>",
    ],
)
def test_a_whole_page_as_a_description_gives_its_body(html: str) -> None:
    assert summary(html) == WORDS


@pytest.mark.parametrize(
    "html",
    [
        f"<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->{WORDS}",
        f"<style>p.MsoNormal {{margin:0}}</style><p class='MsoNormal'>{WORDS}<o:p></o:p></p>",
        f"<?xml:namespace prefix = o ns = 'urn:schemas-microsoft-com:office:office' />{WORDS}",
        "The <st1:place w:st='on'>cranes</st1:place> were sold today.<o:p> </o:p>",
        "<![if !supportLists]>The cranes <![endif]>were sold today.",
        f"<xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml>{WORDS}",
        "<v:shape id='a' o:spid='b'></v:shape>The cranes were sold today.",
    ],
)
def test_what_word_leaves_behind_is_not_shown(html: str) -> None:
    assert summary(html) == WORDS


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("The cranes<p>were sold<p>today", "The cranes were sold today"),
        ("<p>The cranes were sold.", "The cranes were sold."),
        ("The cranes<br>were sold", "The cranes were sold"),
        ("<B>The cranes</B> were sold", "The cranes were sold"),
        ("<div>The cranes", "The cranes"),
        ("The cranes</div> were sold", "The cranes were sold"),
        ("The <em>cranes", "The cranes"),
        ('The cranes <a href="https://e.org/very-lo', "The cranes"),
        ("<p>The cranes were sold.</p", "The cranes were sold."),
        ("The cranes <img src='a.jpg' <p>were sold</p>", "The cranes were sold"),
        ('<a title="a > b" href="/x">The cranes</a>', "The cranes"),
        ("<a title=it's>The cranes</a> it's", "The cranes it's"),
        ("The cranes<!-- more -->", "The cranes"),
        ("The cranes<!-- never closed <p>were sold</p>", "The cranes were sold"),
        ("<button>The cranes <p>were sold</p>", "The cranes were sold"),
        ("<form><p>The cranes", "The cranes"),
        ("<news-flash>The cranes</news-flash>", "The cranes"),
        ("<p>if a<b then 1 < 2 & <3</p>", "if a<b then 1 < 2 & <3"),
        ("&lt;p&gt;The cranes&lt;/p&gt;", "The cranes"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
    ],
)
def test_unclosed_and_odd_html_is_read(html: str, shown: str) -> None:
    assert summary(html) == shown


@pytest.mark.parametrize(
    "text",
    [
        "x <y and z> w",
        "if a<b",
        "if a<b and c>d, then x",
        "a <b and c> d",
        "I <3 you",
        "Usage: git push <remote> <branch>",
        "Mail <ann@example.org> or <https://example.org/>",
        "5 < 6 > 4",
        "<- back, forth ->",
        "vector<int> and map<string, int>",
        "Tom & Jerry, Q&A: R&D",
        "<<< look here >>>",
        "</3",
    ],
)
def test_text_without_a_tag_of_htmls_stays_text(text: str) -> None:
    assert summary(text) == text


@pytest.mark.parametrize("element", ["description", "itunes:summary", "dc:description"])
def test_all_that_describe_an_item_are_html(element: str) -> None:
    assert summary(f"{SENTENCE}<label>x", element=element) == f"{WORDS} x"


@pytest.mark.parametrize(
    "title", ["Using the <b> tag", "The <label> element", "List<Map> or <button>?", "<p> or <br-x>"]
)
def test_titles_with_tags_in_them_are_shown_as_they_are(title: str) -> None:
    feed = (
        f"<rss><channel><title>F</title><item><title>{escape(title)}</title></item></channel></rss>"
    )
    assert parse_feed(feed.encode(), "", "https://e.org/").items[0].title == title


PIECES = st.sampled_from(sorted(HTML_NAMES - {"plaintext"})).flatmap(
    lambda name: st.sampled_from(
        [
            f"<{name}>",
            f"</{name}>",
            f"<{name} class='a b' id=x>",
            f"<{name.upper()}/>",
            "words ",
            "\n",
        ]
    )
)


@given(pieces=st.lists(PIECES, max_size=12))
def test_whatever_tags_are_mixed_none_is_shown(pieces: list[str]) -> None:
    assert not re.search("[<>]", summary("<p>The cranes</p>" + "".join(pieces)))


@pytest.mark.parametrize(
    "written", ["Use &lt;button&gt; here.", "Use &lt;foo&gt; here.", "A &lt;details&gt; element."]
)
def test_tags_that_a_text_is_about_are_shown(written: str) -> None:
    shown = written.replace("&lt;", "<").replace("&gt;", ">")
    assert summary(written) == shown
