"""Hostile stories through lists, posts, digests, forums and reading: what Discord is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from discord_hostile import EXAMPLES, NASTY, body_of, compact, harmless
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers.discord.component_rules import TEXT, walk
from servers.discord.links_and_pings import headlines, pictures
from servers.discord.rules import thread_violations
from servers.discord.spec import SPEC, load_spec
from stories import NOW

from adapters.discord.cards import TITLE
from adapters.discord.layout import MAX_PICTURES
from adapters.discord.markdown import escape_line, utf16_units
from adapters.discord.posts import thread_name
from bot.i18n import load
from bot.model import Action, Enclosure, Paragraph, Story, story_id
from bot.posting.digest import DisplayNames, digest
from bot.reply import Button, Card, Reply, Role
from bot.text.display import strip_hidden

NAMES = DisplayNames(load("en"), {"wire": "@everyone's _Wire_"}, icons={"wire": "🗞️"})
_TYPES = ("image/png", "audio/mpeg", "video/mp4", "application/pdf", "")
_URLS = (
    "https://example.org/a",
    "https://example.org/" + "x" * 600,
    "https://example.org/" + "x" * 3_000,
    "https://example.org/a_(b)|c|",
    "http://[",
    "javascript:alert(1)",
    "https://discord.gg/abcdef",
)
# By its place: hypothesis would write all of them out.
texts = st.lists(
    st.integers(0, len(NASTY) - 1).map(NASTY.__getitem__) | st.text(max_size=20), max_size=3
).map(" ".join)
addresses = st.sampled_from(_URLS) | st.builds("https://example.org/{}.png".format, texts)


def _one_line(text: str) -> str:
    return " ".join(strip_hidden(text).split())


STORIES = st.builds(
    Story,
    id=st.builds(lambda n: story_id("wire", str(n)), st.integers(0, 10**9)),
    source=st.sampled_from(("wire", "gone")),
    key=st.just("key"),
    title=texts.map(_one_line).filter(bool),
    published=st.just(NOW),
    date_only=st.booleans(),
    paragraphs=st.lists(
        st.builds(Paragraph, texts.map(_one_line).filter(bool), st.booleans()), max_size=3
    ).map(tuple),
    url=st.none() | addresses,
    place=texts,
    byline=texts,
    summary=texts,
    topics=st.lists(texts, max_size=9).map(tuple),
    image=st.none() | addresses,
    image_alt=texts,
    enclosures=st.lists(
        st.builds(
            Enclosure,
            addresses,
            st.sampled_from(_TYPES),
            st.just(0),
            st.integers(0, 9_999),
            alt=texts,
        ),
        max_size=14,
    ).map(tuple),
    told_by=st.lists(texts, max_size=3).map(tuple),
)
OFFERED = re.compile(r"\[[A-Z][^\[\]]{2,30}\]\(https?://[^\s()<>\[\]]+\)(?: · |$)", re.MULTILINE)
FUZZ = settings(
    max_examples=EXAMPLES // 10,  # each is of a dozen stories at most
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _read(one: Story, number: int | None) -> Button:
    return Button(one.title, Action("read", (("story", one.id),)), Role.READ, number)


def _check_headline(headline: str, title: str) -> None:
    """Makes sure that a headline is its title, cut only where that is long."""
    round_brackets = str.maketrans("[]", "()")  # in the label of a link
    shown, whole = compact(headline), compact(title).translate(round_brackets)
    kept = shown.translate(round_brackets).removesuffix("…")
    assert whole.startswith(kept)
    assert kept == whole or utf16_units(escape_line(title)) > TITLE


def _check(body: dict[str, Any]) -> None:
    """Makes sure that nobody is called, and nothing leads elsewhere than what comes with it."""
    offered = deepcopy(body)
    for one in walk(offered["components"]):
        if one["type"] == TEXT:
            assert isinstance(one, dict)
            one["content"] = OFFERED.sub("Listen", one["content"])
    harmless(offered)


def _check_forum_post(reply: Reply) -> None:
    body = {"name": thread_name(reply), "applied_tags": [], "message": body_of(reply)}
    spec = load_spec(SPEC)
    assert not (spec.violations("POST", "/channels/1/threads", body) if spec else ())
    assert thread_violations(body) == []


def _posts(some: Sequence[Story]) -> None:
    """A post of each, and the same in a forum."""
    for one in some:
        post = Reply("post", cards=(NAMES.card(one),), buttons=(_read(one, None),))
        body = body_of(post)
        _check(body)
        assert len(pictures(body)) <= MAX_PICTURES
        (headline,) = headlines(body)
        _check_headline(headline, one.title)
        _check_forum_post(post)


def _digest(some: Sequence[Story]) -> None:
    """A digest, and the same in a forum."""
    told = digest(some, NAMES)
    _check(body_of(told))
    _check_forum_post(told)


def _list(some: Sequence[Story]) -> None:
    """A page of a list with all its buttons."""
    numbered = [*enumerate(some[:10], 1)]
    turn = Button("Next", Action("latest", (("page", "2"),)), Role.NEXT)
    body = body_of(
        Reply(
            "latest",
            title=some[0].title,
            cards=tuple(replace(NAMES.card(one), number=n) for n, one in numbered),
            pages=3,
            buttons=(*(_read(one, n) for n, one in numbered), turn),
        )
    )
    _check(body)
    shown = headlines(body)[-len(numbered) :]
    assert [int(one.partition(".")[0]) for one in shown] == [n for n, _ in numbered]


def _reading(some: Sequence[Story]) -> None:
    """A page of each story as it is read."""
    for one in some:
        _check(body_of(Reply("read", cards=(Card(one, "Wire"),), body=one.paragraphs)))


@FUZZ
@given(
    some=st.lists(STORIES, min_size=1, max_size=12, unique_by=lambda one: one.id),
    way=st.sampled_from((_posts, _digest, _list, _reading)),
)
async def test_what_is_said_of_stories_is_taken_and_calls_nobody(
    some: Sequence[Story], way: Callable[[Sequence[Story]], None]
) -> None:
    way(some)
