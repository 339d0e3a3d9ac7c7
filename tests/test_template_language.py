"""The language of templates: what it makes of a story, and what it refuses, in words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import story

from bot.post_layout import Line, LineKind, PostLayout, Span, SpanKind, cut, fit
from bot.posting.templates.compose import lay_out
from bot.posting.templates.hashtags import hashtag, hashtags
from bot.posting.templates.language import (
    PLACEHOLDERS,
    TemplateError,
    nearest_placeholder,
    parse_template,
)
from bot.posting.templates.presets import PRESETS, preset_of
from bot.reply import Card
from bot.subscriptions.post_template import MAX_TEXT, PostField, PostTemplate

EXPO = story(
    "Osaka Expo opens",
    "The halls opened.\nBuses run.",
    summary="The halls opened.",
    place="OSAKA",
    byline="MU.",
    url="https://example.org/expo",
    topics=("Osaka Expo", "Rail", "2025", "World"),
)
BARE = story("Quiet day")


def laid_out(text: str, one: Card | None = None, **given: object) -> PostLayout:
    template = PostTemplate(text=text, **given)  # type: ignore[arg-type]
    return lay_out(one or Card(EXPO, "The Wire"), template, has_picture=True)


def said(text: str, one: Card | None = None, **given: object) -> list[str]:
    """The lines that a template makes, a time as `<time>`."""
    return [
        "".join("<time>" if span.kind is SpanKind.TIME else span.text for span in line.spans)
        for line in laid_out(text, one, **given).lines
    ]


BARE_CARD = Card(BARE, "The Wire")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("{title}", ["Osaka Expo opens"]),
        ("{{title}} ({{ source }})", ["Osaka Expo opens (The Wire)"]),
        ("{TITLE:9}", ["Osaka Ex…"]),
        ("{source|place|also|byline}", ["The Wire · OSAKA · MU."]),
        ("{title}{line}{text}", ["Osaka Expo opens", "The halls opened. Buses run."]),
        ("{title}\\n{place}\n{time}", ["Osaka Expo opens", "OSAKA", "<time>"]),
        ("{topics}", ["Osaka Expo · Rail · 2025 · +1"]),
        ("{title} {hashtags}", ["Osaka Expo opens #OsakaExpo #Rail #_2025 #World"]),
        ("{link}", ["https://example.org/expo"]),
        ("{?byline}by {byline}{/}{!byline}nobody{/}", ["by MU."]),
        ("{?also}{also}{/also}{!also}alone{/also}", ["alone"]),
        (r"\{title\} {title} \*", ["{title} Osaka Expo opens *"]),
        ("[{title}]({link}) [and] more", ["Osaka Expo opens [and] more"]),
    ],
)
def test_a_template_says_what_is_in_it(text: str, lines: list[str]) -> None:
    assert said(text) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("{title}\n{byline}\n{summary}", ["Quiet day"]),
        ("{title}\n- by {byline}", ["Quiet day", "- by "]),
        ("{title}\n({byline})", ["Quiet day"]),
        ("{title}\n{?byline}by {byline}{/}\n{source}", ["Quiet day", "The Wire"]),
        ("{source|place|byline}", ["The Wire"]),
        ("{summary}", ["Quiet day"]),  # a post says something, whatever its template
        ("{title}\n\n\n\n{source}\n\n", ["Quiet day", "", "The Wire"]),
        ("---\n{title}\n---\n{byline}\n---", ["Quiet day"]),
        ("{title} {link}", ["Quiet day "]),
    ],
)
def test_a_line_of_what_a_story_has_not_is_left_out(text: str, lines: list[str]) -> None:
    assert said(text, BARE_CARD) == lines


def test_lines_are_headings_small_print_and_rules_only_by_the_template() -> None:
    kinds = [line.kind for line in laid_out("# {title}\n-# {source}\n---\n{place}").lines]
    assert kinds == [LineKind.HEADING, LineKind.SMALL, LineKind.RULE, LineKind.TEXT]
    hostile = Card(story("# Not a heading", summary="---"), "-# Wire")
    lines = laid_out("{title}\n{source}\n{summary}", hostile).lines
    assert {line.kind for line in lines} == {LineKind.TEXT}


@pytest.mark.parametrize(
    "title",
    ["{summary}", "{{title}}", "{?byline}x{/}", "{for x in y}", "**bold** {line} \\n", "](x)"],
)
def test_what_a_story_brings_is_no_part_of_the_language(title: str) -> None:
    one = Card(story(title, summary="{title} {title}"), "{link}")
    assert said("{title}|{summary}|{source}", one) == [f"{title}|{{title}} {{title}}|{{link}}"]
    (line,) = laid_out("{title}", one).lines
    assert line.spans == (Span(title, SpanKind.TEXT),)


def test_styles_hold_for_all_that_stands_in_them() -> None:
    anchored = Card(EXPO, "The Wire", icon="⚓")
    (line,) = laid_out("**{source} *{title}*** [{place}]({link})", anchored).lines
    assert [(s.text, s.bold, s.italic, s.is_link) for s in line.spans] == [
        ("⚓ ", True, False, False),
        ("The Wire", True, False, False),
        (" ", True, False, False),
        ("Osaka Expo opens", True, True, False),
        (" ", False, False, False),
        ("OSAKA", False, False, True),
    ]


def test_what_is_hidden_is_left_out_of_any_template() -> None:
    hidden = frozenset({PostField.SUMMARY, PostField.TOPICS, PostField.TIME, PostField.SOURCE})
    assert said("", hidden=hidden) == ["Osaka Expo opens", "OSAKA · MU."]
    assert said("{title}{line}{text}{line}{topics}", hidden=hidden) == ["Osaka Expo opens"]


def test_a_prefix_and_hashtags_stand_where_the_template_does_not_say() -> None:
    given: dict[str, Any] = {"prefix": "🏗 {title}", "hashtags": True}
    assert said("# {title}", **given)[0] == "🏗 {title} Osaka Expo opens"
    assert said("# {title}", **given)[1] == "#OsakaExpo #Rail #_2025 #World"
    assert said("{hashtags}: {title}, {prefix}", **given) == [
        "#OsakaExpo #Rail #_2025 #World: Osaka Expo opens, 🏗 {title}"
    ]
    assert said("", **given)[0] == "🏗 {title} Osaka Expo opens"


@pytest.mark.parametrize(
    ("topic", "tag"),
    [
        ("Osaka Expo", "#OsakaExpo"),
        ("world cup", "#WorldCup"),
        ("AT&T", "#ATT"),
        ("it's", "#Its"),
        ("2025", "#_2025"),
        ("C++", "#C"),
        ("C-3PO", "#C3PO"),
        ("café", "#Café"),
        ("cafe\u0301", "#Café"),
        ("大阪 万博", "#大阪万博"),
        ("x²", "#X"),
        ("@everyone", "#Everyone"),
        ("😀", ""),
        ("", ""),
    ],
)
def test_a_topic_has_a_hashtag_that_telegram_takes(topic: str, tag: str) -> None:
    assert hashtag(topic) == tag


@given(st.lists(st.text(max_size=80), max_size=9))
def test_hashtags_are_letters_digits_and_underscores(topics: list[str]) -> None:
    for tag in hashtags(topics):
        assert all(sign.isalnum() or sign == "_" for sign in tag[1:])
        assert not tag[1:].isdigit()
        assert len(tag) <= 61


# What is refused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{titel}", "Did you mean {title}?"),
        ("{title} {sumary}", "Did you mean {summary}?"),
        ("{description}", "Did you mean {summary}?"),
        ("{?author}x{/}{title}", "Did you mean {byline}?"),
        ("{title|url}", "Did you mean {link}?"),
        ("{date}", "Did you mean {time}?"),
        ("{title:}", "There is nothing called {title:}"),
        ("{xyzzy}", "There are {title} {summary}"),
        ("{}", "There is nothing called {}"),
        ("{for story in stories}{title}{/}", "repeats nothing"),
        ("{% for x in y %}{title}{% endfor %}", "repeats nothing"),
        ("{{#each stories}}{title}{{/each}}", "repeats nothing"),
        ("{while true}{title}{/}", "repeats nothing"),
        ("{include template}{title}", "repeats nothing"),
        ("{template}", "repeats nothing"),
        ("{?byline}{title}", "{?byline} is not closed"),
        ("{title}{/}", "{/} ends nothing here"),
        ("**{title}", "** is opened and not closed"),
        ("**{?byline}**{/}{title}", "closed before what it holds"),
        ("[{title}](https://evil.example)", "only lead to {link}"),
        ("{title} {", "{ stands alone"),
        ("{title} }", "} stands alone"),
        ("Hello", "has to show something of the story"),
        ("", "has to show something of the story"),
        ("{title}" * 21, "at most 20 things"),
        ("{title}" + "x" * MAX_TEXT, "at most 1000 characters"),
        ("{title}" + "\n" * 40, "at most 40 lines"),
        ("{title}" + "{line}" * 40, "at most 40 lines"),
        ("{?title}" * 5 + "{title}" + "{/}" * 5, "inside one another"),
    ],
)
def test_a_template_that_makes_no_sense_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(TemplateError) as refused:
        parse_template(text)
    assert words in str(refused.value)
    assert refused.value.message.format(**refused.value.values) == str(refused.value)


@given(st.text(st.sampled_from("{}[]()*\\?!/:|# -\ntilesumary"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(TemplateError):
        assert said(text)


def test_every_name_is_its_own_nearest() -> None:
    assert [nearest_placeholder(name) for name in PLACEHOLDERS] == list(PLACEHOLDERS)
    assert nearest_placeholder("zzzzz") == ""


def test_each_preset_shows_the_headline_and_is_known_again() -> None:
    for name, preset in PRESETS.items():
        layout = lay_out(Card(EXPO, "The Wire"), preset.template, has_picture=True)
        assert any("Osaka Expo opens" in s.text for line in layout.lines for s in line.spans)
        assert preset_of(preset.template) == name
    assert preset_of(PostTemplate(prefix="x")) == ""


# Too little room


def length(lines: Sequence[Line]) -> int:
    return sum(len(span.text) for line in lines for span in line.spans)


@given(
    st.integers(1, 3_000),
    st.integers(1, 3_000),
    st.integers(60, 2_000),
    st.sampled_from(["{title}\n{text}", "{hashtags} **{text}** {link}\n{title}", "{text} {text}"]),
)
def test_the_longest_text_is_shortened_until_there_is_room(
    title: int, text: int, room: int, template: str
) -> None:
    one = story("t" * title, "w " * text, url="https://example.org/" + "u" * 90, topics=("A B",))
    lines = fit(laid_out(template, Card(one, "Wire")).lines, length, room)
    assert length(lines) <= room
    kept = [span.text for line in lines for span in line.spans if span.kind is SpanKind.NAME]
    assert set(kept) <= {"", "#AB", "https://example.org/" + "u" * 90}


@given(st.text(max_size=60), st.integers(1, 50))
def test_a_text_is_cut_to_so_many_characters(text: str, length: int) -> None:
    short = cut(text, length)
    assert short == text if len(text) <= length else short.endswith("…")
    assert len(short) <= length
    assert text.startswith(short.removesuffix("…")) or short == text


def test_what_there_is_room_for_stays_whole() -> None:
    lines = laid_out("{title}\n{text}").lines
    assert fit(lines, length, 1_000) == lines
    short, long = fit(
        laid_out("{title}\n{text}", Card(story("Short", "word " * 90), "")).lines, length, 100
    )
    assert short.spans[0].text == "Short"
    assert long.spans[0].text.endswith("word…")
