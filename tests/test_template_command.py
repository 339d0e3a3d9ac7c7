"""`/template`: choosing, writing and saving what posts show, and who may."""

from __future__ import annotations

import pytest
from following import (
    CHANNEL,
    FORUM,
    GROUP,
    HOST,
    button,
    choose,
    entries,
    follow,
    followed,
    labels,
    press,
)
from newsdesk import TestDesk, seen_at
from stories import MODERATOR, NOW, READER, story

from bot.chat.parsing import parse_options
from bot.commands.subscriptions.template import TEMPLATE
from bot.commands.subscriptions.template_options import read_template, template_options
from bot.errors import ReaderError
from bot.model import Action, Chat
from bot.post_layout import PicturePlace
from bot.posting.templates.presets import PRESETS
from bot.reply import Reply
from bot.subscriptions.post_template import STANDARD, PostField, PostTemplate

EXPO = story(
    "Osaka Expo opens",
    "The Osaka Expo opened.",
    summary="The Osaka Expo opened.",
    url="https://example.org/expo",
    image="https://example.org/expo.jpg",
    published=NOW,
)


async def ask(desk: TestDesk, line: str = "", chat: Chat = GROUP) -> Reply:
    return await desk.ask(f"/template {line}", MODERATOR, chat)


async def expo(desk: TestDesk, chat: Chat = GROUP) -> None:
    """A chat that follows the Osaka Expo, of which there is a story."""
    await follow(desk, "osaka expo", chat)
    await seen_at(desk.store, NOW, EXPO)


async def template_of(desk: TestDesk, chat: Chat = GROUP) -> PostTemplate:
    return (await followed(desk, chat))[0].template


def said(reply: Reply) -> list[str]:
    layout = reply.cards[0].layout
    assert layout
    return ["".join(span.text for span in line.spans) for line in layout.lines]


async def test_it_shows_a_post_as_it_is_and_offers_other_forms(desk: TestDesk) -> None:
    await expo(desk)
    reply = await ask(desk)
    assert reply.title == "Posts of Osaka Expo"
    assert reply.text == ("This is how new posts look.",)
    assert [card.story.title for card in reply.cards] == ["Osaka Expo opens"]
    assert reply.is_preview
    assert labels(reply) == [
        "Read",
        "Simple text",
        "Rich card",
        "Compact card",
        "Pictures",
        "Headline only",
        "Whole text",
        "Choose the parts",
        "Write it yourself",
    ]


async def test_a_form_is_looked_at_and_saved_by_presses(desk: TestDesk) -> None:
    await expo(desk)
    shown = await press(desk, await ask(desk), "Headline only")
    assert said(shown) == ["Osaka Expo opens — The Wire"]
    assert shown.text == (
        "This is how new posts would look. Nothing changes until you press Save.",
    )
    assert await template_of(desk) == STANDARD
    saved = await press(desk, shown, "Save")
    assert saved.text == (
        "Saved: new posts of Osaka Expo look like this.",
        "Posts as “Headline only”.",
    )
    assert await template_of(desk) == PRESETS["headline"].template
    assert said(await press(desk, saved, "See it")) == ["Osaka Expo opens — The Wire"]
    ((_name, told),) = entries(await desk.ask("/subscriptions", MODERATOR, GROUP))
    assert told == "at once · posts as “Headline only” · nothing posted yet"
    back = await press(desk, await press(desk, await ask(desk), "Card"), "Save")
    assert back.ok
    assert await template_of(desk) == STANDARD


async def test_parts_are_chosen_one_by_one(desk: TestDesk) -> None:
    await expo(desk)
    parts = await press(desk, await ask(desk), "Choose the parts")
    assert labels(parts)[1:] == [
        "Without the summary",
        "Without the source",
        "Without the time",
        "Without the byline",
        "Without the topics",
        "Without the link button",
        "Without the Read button",
        "With hashtags",
        "All forms",
    ]
    parts = await press(desk, parts, "Without the summary")
    parts = await press(desk, parts, "Without the Read button")
    parts = await press(desk, parts, "With hashtags")
    assert said(parts)[-1] == "#OsakaExpo #World"
    assert "The Osaka Expo opened." not in said(parts)
    assert "With the summary" in labels(parts)
    saved = await press(desk, parts, "Save")
    assert saved.text[1] == ("Posts without the summary or the Read button, posts with hashtags.")
    hidden = frozenset({PostField.SUMMARY, PostField.READ})
    assert await template_of(desk) == PostTemplate(hidden, hashtags=True)


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ('text:"**{title}**{line}{summary:10}"', ["Osaka Expo opens", "The Osaka…"]),
        ('text:"{title}\n{source}"', ["Osaka Expo opens", "The Wire"]),
        (
            'text:"{title}" prefix:"New:" hashtags:yes',
            ["New: Osaka Expo opens", "#OsakaExpo #World"],
        ),
        ("preset:simple prefix:x", ["x Osaka Expo opens", "https://example.org/expo"]),
        ("preset:article hide:summary,source,time,topics", ["Osaka Expo opens"]),
    ],
)
async def test_all_of_it_can_be_typed(desk: TestDesk, typed: str, lines: list[str]) -> None:
    await expo(desk)
    assert said(await ask(desk, f"osaka expo {typed}")) == lines
    assert said(await ask(desk, f"1 {typed}")) == lines


async def test_a_template_is_sent_as_an_answer(desk: TestDesk) -> None:
    await expo(desk)
    asked = await press(desk, await ask(desk), "Write it yourself")
    assert asked.prompt
    assert asked.text == (asked.prompt.question,)
    again = desk.dispatcher.prompt(asked.prompt.question)
    assert again
    for prompt in (asked.prompt, again):
        answer = prompt.answered("{title}\n-# {source}")
        shown = await desk.dispatcher.press(answer, MODERATOR, GROUP)
        assert said(shown) == ["Osaka Expo opens", "The Wire"]


async def test_of_several_subscriptions_one_is_chosen(desk: TestDesk) -> None:
    await expo(desk)
    await follow(desk, "the wire", FORUM)
    reply = await ask(desk, "preset:compact")
    assert entries(reply) == [("Osaka Expo", "as usual"), ("The Wire", "as usual")]
    shown = await choose(desk, reply, "The Wire")
    assert shown.title == "Posts of The Wire"
    assert "Save" in labels(shown)
    wrong = await ask(desk, "xyzzy")
    assert wrong.text == ("No subscription in this chat is called anything like “xyzzy”.",)


async def test_what_there_is_nothing_of_is_said(desk: TestDesk) -> None:
    assert (await ask(desk)).text[0].startswith("This chat has no subscriptions.")
    await follow(desk, "osaka expo")
    assert (await ask(desk)).text == ("There is no story yet that could be shown.",)


async def test_the_story_can_be_chosen(desk: TestDesk) -> None:
    await expo(desk)
    other = story("Tram derails", "Nobody was hurt.", published=NOW)
    await seen_at(desk.store, NOW, other)
    reply = await ask(desk, f"osaka expo preset:headline story:{other.id}")
    assert said(reply) == ["Tram derails — The Wire"]
    assert not (await ask(desk, "osaka expo story:999999")).ok


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("text:{titel}", "There is nothing called {titel}. Did you mean {title}?"),
        ('text:"{for x in y}{title}{/}"', "a template repeats nothing"),
        ("text:hello", "has to show something of the story"),
        ("preset:compat", "Did you mean compact?"),
        ("preset:zzz", "There are card, simple"),
        ("hide:sumary", "Did you mean summary?"),
        ("hide:everything", "There is nothing called “everything”"),
        ("picture:huge", "picture can be large, small, gallery"),
        ("hashtags:perhaps", "hashtags can be yes or no."),
        ("box:perhaps", "box can be yes or no."),
        ("prefix:" + "x" * 61, "at most 60 characters"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_changes_nothing(
    desk: TestDesk, typed: str, words: str
) -> None:
    await expo(desk)
    reply = await ask(desk, f"1 {typed} save:on")
    assert not reply.ok
    assert words in " ".join(reply.text)
    assert await template_of(desk) == STANDARD


async def test_only_moderators_may(desk: TestDesk) -> None:
    await expo(desk)
    save = button(await ask(desk, "1 preset:compact"), "Save")
    for action in (Action("template"), save):  # an impostor; a moderator demoted a minute ago
        reply = await desk.dispatcher.press(action, READER, GROUP)
        assert not reply.ok
        assert reply.text[0].startswith("Only moderators can use /template here.")
    assert await template_of(desk) == STANDARD


async def test_a_private_chat_is_its_owners(desk: TestDesk) -> None:
    own = Chat("telegram", "5", capabilities=GROUP.capabilities)
    await follow(desk, "osaka expo", own, HOST)
    await seen_at(desk.store, NOW, EXPO)
    shown = await desk.ask("/template preset:compact", HOST, own)
    assert (await press(desk, shown, "Save", HOST, own)).ok


@pytest.mark.parametrize("number", ["2", "999", "1,2", "-1", "one"])
async def test_a_forged_press_reaches_no_other_chat(desk: TestDesk, number: str) -> None:
    await expo(desk)
    await follow(desk, "the wire", CHANNEL)
    forged = Action("template", (("subscription", number), ("preset", "simple"), ("save", "on")))
    here = await desk.dispatcher.press(forged, MODERATOR, GROUP)
    assert here.ok is ("1" in number.split(","))
    assert await template_of(desk, CHANNEL) == STANDARD


async def test_what_has_ended_meanwhile_is_said(desk: TestDesk) -> None:
    await expo(desk)
    shown = await ask(desk, "1 preset:compact")
    await desk.ask("/unsubscribe 1", MODERATOR, GROUP)
    await follow(desk, "the wire")
    saved = await press(desk, shown, "Save")
    assert (saved.ok, saved.text) == (False, ("This chat no longer follows that.",))


async def test_a_change_of_the_schedule_keeps_the_template(desk: TestDesk) -> None:
    await expo(desk)
    await press(desk, await ask(desk, "1 preset:compact"), "Save")
    await desk.ask("/subscribe osaka expo daily 8:00 confirm:on", MODERATOR, GROUP)
    assert await template_of(desk) == PRESETS["compact"].template
    shown = await ask(desk)
    assert shown.text[1] == (
        "It comes as a digest, which keeps its own form; this is for single posts."
    )


@pytest.mark.parametrize(
    ("command", "option", "typed", "found"),
    [
        ("template", "preset", "comp", ["compact"]),
        ("template", "preset", "headl", ["headline"]),
        ("template", "hide", "summary, so", ["summary, source"]),
        ("template", "show", "li", ["link"]),
        ("template", "picture", "g", ["gallery"]),
        ("template", "text", "**{title}**{line}{li", ["**{title}**{line}{link}"]),
        ("subscribe", "language", "english, jap", ["english, ja"]),
        ("subscribe", "exclude", "oth", ["other"]),
        ("subscribe", "age", "1", ["12h", "1d", "1w"]),
    ],
)
async def test_values_are_completed(
    desk: TestDesk, command: str, option: str, typed: str, found: list[str]
) -> None:
    completed = await desk.dispatcher.complete(command, option, typed, MODERATOR, GROUP)
    assert [one.value for one in completed] == found
    assert await desk.dispatcher.complete(command, option, typed, READER, GROUP) == ()


async def test_saving_is_listed_for_the_other_moderators(desk: TestDesk) -> None:
    await expo(desk, CHANNEL)
    await press(desk, await ask(desk, "1 preset:compact", CHANNEL), "Save", chat=CHANNEL)
    entry = (await desk.store.audit.entries(CHANNEL, 1))[0]
    assert (entry.command, entry.change, entry.target) == (
        "template",
        "Changed how posts of {target} look",
        "Osaka Expo",
    )
    assert entry.actor.name == MODERATOR.name


TEMPLATES = (
    STANDARD,
    *(one.template for one in PRESETS.values()),
    PostTemplate(frozenset(PostField), "x", hashtags=True, text="{title}\n{link}"),
    PostTemplate(picture=PicturePlace.SMALL, is_boxed=False),
)


@pytest.mark.parametrize("one", TEMPLATES)
async def test_options_make_the_template_that_they_were_made_of(
    desk: TestDesk, one: PostTemplate
) -> None:
    action = Action("template", template_options(one))
    given, left = parse_options(TEMPLATE, str(action).removeprefix("/template "), lambda *_: False)
    assert not left
    request = desk.dispatcher._request(TEMPLATE, given, MODERATOR, GROUP)  # noqa: SLF001
    for before in TEMPLATES:
        try:
            assert read_template(request, before) == one
        except ReaderError as error:  # pragma: no cover - it tells which
            raise AssertionError(one) from error
