"""Messages as they are composed from posts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from posting import ROOM
from stories import NOW, story

from bot.i18n import load
from bot.model import Story
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.messenger import Message
from bot.posting.model import Post, PostKind, State
from bot.reply import Role
from bot.subscriptions.model import Subscription, TargetKind

COMPOSER = PostComposer(DisplayNames(load("en"), {"wire": "The Wire"}))
ONE = Subscription(ROOM, TargetKind.SOURCE, "wire", id=3)
A, B, C = (story(title, f"{title} it is.") for title in "ABC")
TOPIC = replace(ROOM, thread="topic")
POST = Post(7, TOPIC, A.id, PostKind.STORY, State.DUE, (A.id,), ONE, NOW, NOW)
DIGEST = replace(POST, key="digest 3", kind=PostKind.DIGEST, stories=(A.id, B.id, C.id))


def composed(post: Post, *stories: Story) -> Message:
    message = COMPOSER.message(post, {one.id: one for one in stories})
    assert message
    return message


def test_a_story_is_a_card_with_a_way_to_read_it() -> None:
    message = composed(POST, A)
    (card,) = message.reply.cards
    assert (card.story, card.source, card.number) == (A, "The Wire", None)
    (button,) = message.reply.buttons
    assert (button.role, str(button.action)) == (Role.READ, f"/read story:{A.id}")
    assert (message.chat, message.chat.thread, message.key) == (ROOM, "topic", A.id)


def test_where_there_is_nothing_to_read_there_is_no_button() -> None:
    empty = story("A")
    assert composed(POST, empty).reply.buttons == ()


def test_a_story_that_is_no_more_cannot_be_posted() -> None:
    assert COMPOSER.message(POST, {}) is None
    assert COMPOSER.message(DIGEST, {}) is None
    assert COMPOSER.message(replace(POST, kind=PostKind.EDIT), {}) is None


def test_a_digest_is_one_page_under_its_own_key() -> None:
    message = composed(DIGEST, A, B, C)
    assert {card.story.id for card in message.reply.cards} == {A.id, B.id, C.id}
    assert (message.reply.title, message.key) == ("3 new stories", "digest 3")


def test_what_is_left_of_a_digest_is_posted() -> None:
    assert composed(DIGEST, A, C).reply.title == "2 new stories"
    alone = composed(DIGEST, C)
    assert [card.story for card in alone.reply.cards] == [C]
    assert (alone.reply.title, alone.key) == ("", "digest 3")


def test_an_edit_shows_the_story_as_it_is_now() -> None:
    newer = replace(A, title="A, corrected")
    message = composed(replace(POST, kind=PostKind.EDIT, key="edit"), newer)
    assert message.reply == composed(POST, newer).reply


@pytest.mark.parametrize("chosen", [True, False])
def test_a_chat_is_written_to_as_it_chose(*, chosen: bool) -> None:
    one = replace(ONE, silent=chosen, picture=chosen, role="42" if chosen else "")
    for post in (POST, DIGEST):
        message = composed(replace(post, subscription=one), A, B)
        assert (message.silent, message.picture, message.role) == (chosen, chosen, one.role)


def test_what_came_by_something_that_is_no_more_is_posted_as_is_usual() -> None:
    message = composed(replace(POST, subscription=None), A)
    assert (message.silent, message.picture, message.role) == (False, True, "")


def test_a_notice_says_its_words_and_calls_nobody() -> None:
    one = replace(ONE, role="42")
    notice = replace(POST, kind=PostKind.NOTICE, text="It has ended.", stories=(), subscription=one)
    message = composed(notice)
    assert message.reply.text == ("It has ended.",)
    assert (message.reply.cards, message.role) == ((), "")


def test_a_message_says_since_when_it_is_not_known_whether_it_arrived() -> None:
    assert composed(POST, A).since is None
    assert composed(replace(POST, since=NOW), A).since == NOW


@pytest.mark.parametrize("chosen", [True, False])
def test_each_story_opens_a_thread_where_that_is_chosen_and_no_digest_does(*, chosen: bool) -> None:
    one = replace(ONE, threads=chosen)
    edit = replace(POST, kind=PostKind.EDIT, key="edit", subscription=one)
    notice = replace(POST, kind=PostKind.NOTICE, stories=(), text="Over.", subscription=one)
    assert composed(replace(POST, subscription=one), A).threads is chosen
    assert composed(edit, A).threads is chosen
    assert not composed(replace(DIGEST, subscription=one), A, B, C).threads
    assert not composed(notice).threads
