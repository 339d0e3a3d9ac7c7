"""Folders of posts in Markdown with front matter, as Jekyll and Hugo keep them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from archives import archive_source, fetch
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sources.archive.markdown.document import markdown_paragraphs
from adapters.sources.archive.missing_dates import DateFrom
from bot.ingest.results import FetchResult
from bot.model import Story

SITE = "https://blog.example.org/{date:%Y}/{slug}/"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


async def one(folder: Path, name: str, text: str) -> Story:
    """The only story of a folder that holds one file."""
    write(folder / name, text)
    fetched = await archive_source(folder, link=SITE).fetch()
    assert fetched.unreadable == ()
    [story] = fetched.stories
    return story


def told(fetched: FetchResult, folder: Path) -> list[str]:
    return [str(each).replace(f"{folder}/", "") for each in fetched.unreadable]


JEKYLL = """---
layout: post
title:  "The bridge: it's open"
date:   2024-03-05 10:00:00 +0900
categories: transport harbour
tags: [news, "Big Things"]
author: Jane Doe
image: /assets/bridge.png
description: >
  It took
  eleven years.
lang: en
---
The **bridge** is [open](https://example.org).

Nobody *paid*.
"""

HUGO = """+++
title = "The bridge: it's open"
date = 2024-03-05T10:00:00+09:00
categories = ["transport", "harbour"]
tags = ["news", "Big Things"]
author = "Jane Doe"
description = "It took eleven years."
language = "en"
[cover]
image = "/assets/bridge.png"
+++

The **bridge** is [open](https://example.org).

Nobody *paid*.
"""

JSON = json.dumps(
    {
        "title": "The bridge: it's open",
        "date": "2024-03-05T10:00:00+09:00",
        "categories": ["transport", "harbour"],
        "tags": ["news", "Big Things"],
        "authors": [{"name": "Jane Doe"}],
        "image": {"path": "/assets/bridge.png"},
        "excerpt": "It took eleven years.",
        "lang": "en",
    },
    indent=1,
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_posts/2024-03-05-bridge.md", JEKYLL),
        ("_posts/2024-03-05-bridge.markdown", JEKYLL.replace("\n", "\r\n")),
        ("posts/bridge/index.md", HUGO),
        ("posts/bridge.md", f"{JSON}\n\nThe **bridge** is [open](x).\n\nNobody *paid*.\n"),
        (
            "posts/bridge.html",
            JEKYLL.replace(
                "The **bridge** is [open](https://example.org).", "<p>The <b>bridge</b> is open."
            ).replace("Nobody *paid*.", "<p>Nobody paid."),
        ),
        ("posts/bridge.md", f"\ufeff{JEKYLL}"),
    ],
)
async def test_a_post_is_whole_whatever_its_front_matter_is_written_in(
    tmp_path: Path, name: str, text: str
) -> None:
    story = await one(tmp_path, name, text)
    assert (story.title, story.byline, story.language) == (
        "The bridge: it's open",
        "Jane Doe",
        "en",
    )
    assert (story.published, story.date_only) == (datetime(2024, 3, 5, 1, tzinfo=UTC), False)
    assert story.categories == ("transport", "harbour", "news", "Big Things")
    assert story.summary == "It took eleven years."
    assert story.image == "https://blog.example.org/assets/bridge.png"
    assert story.url == "https://blog.example.org/2024/bridge/"
    assert [part.text for part in story.paragraphs] == ["The bridge is open.", "Nobody paid."]
    assert story.key == name


@pytest.mark.parametrize(
    ("matter", "url"),
    [
        ("permalink: /2024/03/bridge.html", "https://blog.example.org/2024/03/bridge.html"),
        ("url: /posts/bridge/", "https://blog.example.org/posts/bridge/"),
        ("canonical_url: https://other.example/bridge", "https://other.example/bridge"),
        ("slug: the-bridge", "https://blog.example.org/2024/the-bridge/"),
        ("permalink: /:categories/:title/", "https://blog.example.org/2024/post/"),
        ("layout: x", "https://blog.example.org/2024/post/"),
    ],
)
async def test_a_post_has_the_address_that_it_gives_or_one_by_the_template(
    tmp_path: Path, matter: str, url: str
) -> None:
    text = f"---\ntitle: A title\ndate: 2024-03-05\n{matter}\n---\nText.\n"
    assert (await one(tmp_path, "2024-03-05-post.md", text)).url == url


@pytest.mark.parametrize(
    ("name", "matter", "published", "date_only"),
    [
        ("a.md", "date: 2024-03-05", datetime(2024, 3, 5, tzinfo=UTC), True),
        ("a.md", "date: 2024-03-05 10:20", datetime(2024, 3, 5, 10, 20, tzinfo=UTC), False),
        ("a.md", "date: 2024-03-05T10:20:30Z", datetime(2024, 3, 5, 10, 20, 30, tzinfo=UTC), False),
        (
            "a.md",
            "publishDate: '2024-03-05T23:00:00-05:00'",
            datetime(2024, 3, 6, 4, tzinfo=UTC),
            False,
        ),
        ("2024-03-05-a.md", "layout: x", datetime(2024, 3, 5, tzinfo=UTC), True),
        ("2019-01-01-a.md", "date: 2024-03-05", datetime(2024, 3, 5, tzinfo=UTC), True),
        ("a.md", "date: March 5, 2024", datetime(2024, 3, 5, tzinfo=UTC), False),
    ],
)
async def test_a_post_has_its_own_date_or_that_of_its_name(
    tmp_path: Path, name: str, matter: str, published: datetime, date_only: bool
) -> None:
    story = await one(tmp_path, name, f"---\ntitle: A title\n{matter}\n---\nText.\n")
    assert (story.published, story.date_only) == (published, date_only)


@pytest.mark.parametrize(
    ("text", "report"),
    [
        (
            "---\ntitle: A\ndate: 2024-02-30\n---\nText.\n",
            ':3: there is no such date as "2024-02-30"',
        ),
        (
            "+++\ntitle = 'A'\ndate = '2023-02-29 10:00'\n+++\nText.\n",
            ":3: there is no such date as",
        ),
        ("+++\ntitle = 'A'\ndate = 2023-02-29\n+++\nText.\n", ":3: the front matter is no TOML"),
        ("---\ntitle: A\ndate: someday\n---\nText.\n", ':3: the date "someday" cannot be read'),
        (
            "---\ntitle: A: b\n---\nText.\n",
            ":2: the front matter is not valid YAML: mapping",
        ),
        ("---\ntitle: A\ntags: [a, b\n---\nText.\n", ": the front matter is not valid YAML"),
        ("---\ntitle: A\ndate: 2024-03-05\nText.\n", ":1: the front matter has no --- at its end"),
        ("+++\ntitle = A\n+++\nText.\n", ":2: the front matter is no TOML"),
        ("---\ntitle: A\n---\nText.\n", ":1: the post has no date of its own; `date_from`"),
        ("---\ntitle: A\ndate: 2024-03-05\n---\n\n  \n", ':1: there is no text in "A"'),
        ("# A title\n\nText without front matter.\n", ":1: the post has no date of its own"),
        ("---\ntitle: A\n" + "x: y\n" * 20_000 + "---\n", ":1: the front matter has more than"),
        ("---\ndate: 2024-03-05\n---\n" + "word " * 200_001, ":1: this post has more than"),
        (
            "---\ntitle: A\na: " + "[" * 9_000 + "\n---\n",
            ":1: the front matter is nested too deeply",
        ),
        ("---\ntitle: A\na:\n" + "- " * 9_000 + "\n---\n", ":1: the front matter is nested too"),
        ("+++\na = " + "[" * 9_000 + "\n+++\n", ":1: the front matter is no TOML"),
    ],
)
async def test_a_post_that_cannot_be_read_is_told_with_its_line_and_costs_no_other(
    tmp_path: Path, text: str, report: str
) -> None:
    write(tmp_path / "bad.md", text)
    write(tmp_path / "good.md", JEKYLL)
    fetched = await fetch(tmp_path)
    [problem] = told(fetched, tmp_path)
    assert [story.title for story in fetched.stories] == ["The bridge: it's open"]
    assert problem.startswith("bad.md")
    assert report in problem
    assert problem.isprintable()


async def test_bytes_of_another_encoding_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(JEKYLL.replace("paid", "payé").encode("latin-1"))
    [problem] = told(await fetch(tmp_path), tmp_path)
    assert problem.startswith("a.md:16: bytes in another encoding in this post; set")
    [story] = (await fetch(tmp_path, encoding="latin-1")).stories
    assert story.paragraphs[-1].text == "Nobody payé."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
async def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.md").write_bytes(JEKYLL.encode(encoding))
    [story] = (await fetch(tmp_path)).stories
    assert story.title == "The bridge: it's open"


@pytest.mark.parametrize(
    ("name", "matter", "kind"),
    [
        ("a.md", "draft: true", "draft"),
        ("_drafts/a.md", "date: 2024-03-05", "draft"),
        ("a.md", "status: draft", "draft"),
        ("a.md", "published: false", "private"),
        ("a.md", "layout: page", "page"),
        ("posts/_index.md", "date: 2024-03-05", "page"),
    ],
)
async def test_what_is_not_published_is_left_out_and_counted(
    tmp_path: Path, name: str, matter: str, kind: str
) -> None:
    write(tmp_path / name, f"---\ntitle: A\n{matter}\n---\nText.\n")
    write(tmp_path / "b.md", JEKYLL.replace("layout: post", "draft: false\npublished: true"))
    fetched = await fetch(tmp_path)
    assert [story.title for story in fetched.stories] == ["The bridge: it's open"]
    assert (fetched.unreadable, fetched.set_aside) == ((), ((kind, 1),))


async def test_files_beside_the_posts_are_counted_and_not_read(tmp_path: Path) -> None:
    write(tmp_path / "_posts" / "2024-03-05-a.md", JEKYLL)
    for name in ("README.md", "_config.yml", "css/main.css", "index.html", "LICENSE", "Gemfile"):
        write(tmp_path / name, "# About\n\nNothing here.\n")
    write(tmp_path / ".git" / "hidden.md", JEKYLL)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    fetched = await fetch(tmp_path)
    assert len(fetched.stories) == 1
    assert (fetched.unreadable, fetched.set_aside) == ((), (("other file", 7),))


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        (
            'A [link](x "t"), *em*, **strong**, `code`, ~~gone~~.',
            ["A link, em, strong, code, gone."],
        ),
        ("One\ntwo  \nthree\\\nfour", ["One two three four"]),
        ("- one\n- two\n\n1. first\n2. second", ["• one", "• two", "• first", "• second"]),
        ("> Said so.\n>\n> Twice.\n\nOr not.", ["Said so.", "Twice.", "Or not."]),
        ("```python\nx = [1]\nprint(x)\n```\n\nDone.", ["x = [1]", "print(x)", "Done."]),
        ("    indented\n\nDone.", ["indented", "Done."]),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", ["a | b", "1 | 2"]),
        ("![a picture](x.png)\n\nText &amp; more &copy;", ["Text & more ©"]),
        ("See [the docs][1].\n\n[1]: https://example.org", ["See the docs."]),
        ("<https://example.org/a>", ["https://example.org/a"]),
        ("A<br>B <b>C</b><script>evil()</script>\n\n<!-- no -->\n\nD", ["A B C", "D"]),
        (
            "A note.[^1] And one.[^b]\n\n[^1]: First *note*.\n[^b]: Second\n    goes on.",
            ["A note.[1] And one.[2]", "[1] First note.", "[2] Second goes on."],
        ),
        ("Not a note[^x].", ["Not a note[^x]."]),
        ("Text.\n\n* * *\n\nMore.", ["Text.", "More."]),
        (
            '{% include figure.html src="a" %}\n\nText {{ page.title }}here.\n{: .lead}',
            ["Text here."],
        ),
        ("{% highlight ruby %}\nputs 1\n{% endhighlight %}\n\nText.", ["puts 1", "Text."]),
        ("{% raw %}{{ kept }}{% endraw %}", ["{{ kept }}"]),
        ("A{% comment %}\n\nno\n\n{% endcomment %}B", ["AB"]),
        ('{{< figure src="a.png" caption="x > y" >}}\n\n{{% tip %}}Kept.{{% /tip %}}', ["Kept."]),
        ("`{{ code }}` and\n\n```\n{% code %}\n```", ["{{ code }} and", "{% code %}"]),
        ("* TOC\n{:toc}\n\nText.", ["Text."]),
        ("Snow \\*is\\* white", ["Snow *is* white"]),
    ],
)
def test_markdown_becomes_what_readers_of_the_page_see(body: str, paragraphs: list[str]) -> None:
    assert [each.text for each in markdown_paragraphs(body)[0]] == paragraphs


@pytest.mark.parametrize(
    "heading", ["## Other *cities*", "Other cities\n---", "### Other cities {#id}"]
)
def test_headings_are_subheadings(heading: str) -> None:
    paragraphs, _ = markdown_paragraphs(f"Text.\n\n{heading}\n\nMore.\n")
    assert [(each.text, each.heading) for each in paragraphs] == [
        ("Text.", False),
        ("Other cities", True),
        ("More.", False),
    ]


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("2024-03-05-bridge.md", "# The bridge\n\nText.\n", "The bridge"),
        (
            "2024-03-05-bridge.md",
            "---\ntitle: The bridge\n---\n# The Bridge\n\nText.\n",
            "The bridge",
        ),
        ("2024-03-05-the-bridge.md", "---\nlayout: post\n---\nText.\n", "The bridge"),
        ("2024-03-05-bridge.md", "---\ntitle: 2024\n---\nText.\n", "2024"),
        ("2024-03-05-bridge.md", "---\ntitle: Fish &amp; chips\n---\nText.\n", "Fish & chips"),
    ],
)
async def test_a_title_comes_from_front_matter_the_first_heading_or_the_name(
    tmp_path: Path, name: str, text: str, title: str
) -> None:
    story = await one(tmp_path, name, text)
    assert (story.title, [part.text for part in story.paragraphs]) == (title, ["Text."])


async def test_the_first_picture_stands_in_for_one_of_its_own(tmp_path: Path) -> None:
    text = JEKYLL.replace("image: /assets/bridge.png\n", "") + "\n![a](../img/b.jpg)\n"
    story = await one(tmp_path, "2024-03-05-bridge.md", text)
    assert story.image == "https://blog.example.org/2024/img/b.jpg"


async def test_a_post_keeps_its_id_when_its_title_and_date_change(tmp_path: Path) -> None:
    before = await one(tmp_path, "bridge.md", JEKYLL)
    after = await one(tmp_path, "bridge.md", JEKYLL.replace("it's", "is").replace("03-05", "03-06"))
    assert (before.id, before.title) != (after.id, after.title)
    assert before.id == after.id


async def test_date_from_dates_posts_that_have_none(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\ntitle: A\n---\nText.\n")
    source = archive_source(tmp_path, date_from=DateFrom.FILE)
    [story] = (await source.fetch()).stories
    age = datetime.now(UTC).date() - story.published.date()
    assert (story.undated, story.date_only) == (True, True)
    assert timedelta(0) <= age <= timedelta(days=1)


NAMES = st.text("abcdefghijklmnopqrstuvwxyzäöüßéñ東京", min_size=2, max_size=10)
LINES = st.lists(NAMES, min_size=2, max_size=8).map(
    lambda words: " ".join(words).capitalize() + "."
)


@st.composite
def posts(draw: st.DrawFn) -> tuple[str, date, list[str], list[str], str, str]:
    return (
        draw(LINES),
        draw(st.dates(date(1990, 1, 1), date(2100, 1, 1))),
        draw(st.lists(LINES, min_size=1, max_size=4)),
        draw(st.lists(NAMES, max_size=3, unique=True)),
        draw(st.sampled_from(["yaml", "toml", "json"])),
        draw(st.sampled_from(["\n", "\r\n"])),
    )


@pytest.fixture(scope="module")
def post() -> Iterator[Path]:
    """A file that each example writes anew."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "post.md"


@settings(max_examples=60, deadline=None)
@given(posts())
async def test_posts_are_read_back_as_they_were_written(
    post: Path, written: tuple[str, date, list[str], list[str], str, str]
) -> None:
    title, day, paragraphs, tags, form, newline = written
    quoted, listed = json.dumps(title, ensure_ascii=False), json.dumps(tags, ensure_ascii=False)
    matter = {
        "yaml": f"---\ntitle: {quoted}\ndate: {day}\ntags: {listed}\n---\n",
        "toml": f"+++\ntitle = {quoted}\ndate = {day}\ntags = {listed}\n+++\n",
        "json": f'{{"title": {quoted}, "date": "{day}", "tags": {listed}}}\n',
    }[form]
    text = matter + "\n" + "\n\n".join(paragraphs) + "\n"
    post.write_bytes(text.replace("\n", newline).encode())
    [story] = (await fetch(post)).stories
    assert (story.title, story.published.date(), story.date_only) == (title, day, True)
    assert [part.text for part in story.paragraphs] == paragraphs
    assert story.categories == tuple(tags)


FRAGMENTS = st.sampled_from(
    [
        *("---\n", "+++\n", "title: a\n", "date: 2024-03-05\n", "date: 2024-02-30\n", "- ", "&a "),
        *("*a ", "[", "{", "```\n", "{% raw %}", "{{<", "[^1]", "[^1]: ", "# a\n", "\n\n", "<b>"),
        *("<!--", "\0", "| a |\n|--|\n", "!!x "),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    start=st.sampled_from(["", "---\n", "+++\n", "{"]),
    parts=st.lists(FRAGMENTS | st.text(max_size=9), max_size=30),
)
async def test_any_post_gives_a_story_a_reason_or_is_left_out(
    post: Path, start: str, parts: list[str]
) -> None:
    post.write_bytes((start + "".join(parts)).encode("utf-8", "surrogatepass"))
    fetched = await fetch(post)
    counted = sum(count for _, count in fetched.set_aside)
    assert len(fetched.stories) + len(fetched.unreadable) + counted == 1
    for each in fetched.unreadable:
        assert str(each).splitlines() == [str(each)]


async def test_aliases_cannot_expand(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    text = JEKYLL.replace("layout: post\n", bomb).replace("tags: [news", "tags: [*a29, news")
    story = await one(tmp_path, "a.md", text)
    assert story.categories == ("transport", "harbour", "news", "Big Things")


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        "[",
        "![",
        "[a](",
        "[a](<b",
        "*a _b ",
        "`a``",
        "<!-- ",
        "{% ",
        "{{< ",
        "[^1]: x\n",
        "[^a] ",
        "a\n-\n",
        "1. a\n",
        "|a|b|\n|-|-|\n",
        "> ",
        "<div>",
    ],
)
def test_hostile_markdown_is_read_in_one_go(part: str) -> None:
    # A parser whose time grows with the square of these would be at it for many minutes.
    markdown_paragraphs(part * (200_000 // len(part)))
