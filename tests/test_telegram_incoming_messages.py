"""Messages to the bot on Telegram, over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over
from servers.telegram import faults
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat
from stories import NOW, story
from telegram_bot import serving

__all__ = ["ada", "chat"]

EXPO = story(
    "Cost of the Osaka Expo rises",
    "The cost of the Expo is 235 billion yen.\nCritics call it a folly.",
    published=NOW - timedelta(hours=2),
    url="https://example.org/expo",
    place="OSAKA",
    image="https://example.org/expo.jpg",
)
TRAM = story("Tram line opens", "A tram runs to the harbour.", published=NOW - timedelta(days=1))
LONG = story(
    "A long walk",
    "\n".join(f"Step {n} of the walk goes on and on. " + "And on. " * 20 for n in range(40)),
    published=NOW - timedelta(days=2),
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        await opened.has(LONG, TRAM, EXPO)
        yield opened


@pytest.fixture
async def server(desk: TestDesk) -> AsyncIterator[Server]:
    async with Server(patience=20) as api, serving(api, desk):
        yield api


# A chat with one person


async def test_start_welcomes_and_latest_shows_cards(
    server: Server, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "/start")
    welcome = await server.next_message(chat)
    assert welcome.text == (
        "Dateline\n\n"
        "News from The Wire and Other News, here in your chat.\n\n"
        "Type what you're looking for, or press a button. /help lists all commands.\n\n"
        "The newest story:\n\n"
        "• Cost of the Osaka Expo rises — The Wire"
    )
    assert [button.text for button in welcome.buttons] == [
        "Read it",
        "Latest",
        "Topics",
        "What's new",
        "Follow",
    ]

    await ada.says(chat, "/help")
    manual = await server.next_message(chat)
    assert "/search <words>" in manual.text
    assert "/reload" not in manual.text
    assert "/settings" in manual.text  # the chat is Ada's own
    assert "[role]" not in manual.text

    await ada.says(chat, "/latest")
    latest = await server.next_message(chat)
    assert latest.text == (
        "Latest stories\n\n"
        "1. Cost of the Osaka Expo rises\n"
        "The Wire · OSAKA · 2 hours ago · Osaka Expo · World\n"
        "The cost of the Expo is 235 billion yen. Critics call it a folly.\n\n"
        "2. Tram line opens\n"
        "The Wire · Nov 22, 2026, 12:00 UTC · World\n"
        "A tram runs to the harbour.\n\n"
        "3. A long walk\n"
        "The Wire · Nov 21, 2026, 12:00 UTC · World\n" + latest.text.split("UTC · World\n")[-1]
    )
    assert latest.reply_to is None
    assert latest.link_preview_options == {"url": "https://example.org/expo"}
    links = [entity for entity in latest.entities if entity.type == "text_link"]
    assert links[0].url == "https://example.org/expo"
    assert any(link.url == f"https://t.me/DatelineBot?start=read_{TRAM.id}" for link in links)


async def test_a_search_with_a_slip_marks_what_was_found_and_offers_the_literal_one(
    server: Server, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "osakka expo")  # no command: whoever writes to the bot searches
    found = await server.next_message(chat)
    assert "Showing results for “osaka expo”." in found.text
    assert found.marked("underline")[0] == "Expo"
    pressed = await ada.presses(found, "Search for exactly “osakka expo”")
    assert (pressed.text, pressed.alert) == ("", False)
    assert "osakka" in (await server.edited(found)).text


async def test_a_story_is_read_in_pages_in_the_place_of_the_list(
    server: Server, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "/latest")
    message = await server.next_message(chat)
    seen = []
    for times, label in enumerate(("📖 3", "Next ›", "Next ›", "‹ Previous"), 1):
        assert (await ada.presses(message, label)).text == ""
        seen.append((await server.edited(message, times)).text)
    assert seen[0].startswith("A long walk\nThe Wire")
    assert "Step 0 of" in seen[0]
    assert [text.splitlines()[-1][:7] for text in seen] == [
        "Page 1 ",
        "Page 2 ",
        "Page 3 ",
        "Page 2 ",
    ]
    assert seen[1] == seen[3]
    await ada.presses(message, "Back to the list")
    assert (await server.edited(message, 5)).text.startswith("Latest stories")


async def test_a_story_with_a_picture_shows_it_large(
    server: Server, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "/read osaka expo cost")
    read = await server.next_message(chat)
    assert read.link_preview_options == {
        "url": "https://example.org/expo.jpg",
        "prefer_large_media": True,
        "show_above_text": True,
    }
    await ada.presses(read, "Related stories")
    assert "Related to" in (await server.edited(read)).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/topic osaka expo", "Osaka Expo\n"),
        ("/TOPICS", "Topics"),
        ("/latest@DatelineBot\nsource:wire", "Latest stories: The Wire"),
        ('/search "osaka expo"\nsince:2d', 'Stories about "osaka expo" · since'),
        ("help", "What I can do"),
        ("/start", "Dateline\n"),
        ("menu", "Dateline\n"),
        ("/nonsense", "There is no command /\u2060nonsense."),  # which cannot be tapped
        ("/related tram harbour line", "Related to"),
        ("<b>&amp;</b>", "Stories about “<b>&amp;</b>”"),
    ],
)
async def test_whatever_is_typed_is_answered(
    server: Server, ada: Person, chat: Chat, text: str, shown: str
) -> None:
    await ada.says(chat, text)
    assert (await server.next_message(chat)).text.startswith(shown)


async def test_a_command_in_a_caption_is_answered(server: Server, ada: Person, chat: Chat) -> None:
    await ada.says(chat, "/search tram", photo="https://example.org/a.jpg")
    assert "Tram line opens" in (await server.next_message(chat)).text


async def test_an_edited_question_has_its_answer_edited(
    server: Server, ada: Person, chat: Chat
) -> None:
    asked = await ada.says(chat, "/search tram")
    answer = await server.next_message(chat)
    await ada.edits(asked, "/search walk")
    assert "A long walk" in (await server.edited(answer)).text
    assert len(server.sent(chat)) == 1


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        (f"read_{EXPO.id}", "Cost of the Osaka Expo rises"),
        ("topic_Osaka_Expo", "Osaka Expo\n"),
        ("search_osaka_expo", "Stories about “osaka expo”"),
        ("help", "Dateline"),
        ("topic_Nothing", "That link no longer works."),
        ("read_gone", "“gone”"),
        ("xyz-_", "That link no longer works."),
    ],
)
async def test_deep_links_open_what_they_name(
    server: Server, ada: Person, chat: Chat, start: str, shown: str
) -> None:
    await ada.opens(f"https://t.me/DatelineBot?start={start}")
    assert shown in (await server.next_message(chat)).text


async def test_links_in_a_reply_lead_back_to_the_bot(
    server: Server, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "/latest")
    await server.next_message(chat)
    own = [link for link in server.links if link.startswith("https://t.me/DatelineBot")]
    assert len(own) == 6  # two stories without a page of their own, and their topics
    for link in dict.fromkeys(own):
        await ada.opens(link)
        assert "nowhere" not in (await server.next_message(chat)).text


async def test_who_asks_too_fast_is_told_once_and_soon_answered_again(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    for _ in range(13):
        await ada.says(chat, "/topics")
    said = await server.replies(chat, count=11)
    told = sorted(one.text.splitlines()[0] for one in said)  # they are answered side by side
    assert told == ["That was fast! Ask me again in 2 seconds.", *["Topics"] * 10]
    desk.clock.pass_(2)
    await ada.says(chat, "/topics")
    said = await server.replies(chat, count=12)
    assert said[11].text.startswith("Topics")
    assert len(said) == 12  # the two other questions were let pass in silence


# Buttons


async def test_a_forged_or_forgotten_button_is_answered(
    server: Server, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "/latest")
    message = await server.next_message(chat)
    markup = message.markup
    assert markup is not None
    for data in ("#0123456789", "nonsense?x=1", "reload", "", "read?story=gone", "read?x", "\x00"):
        markup["inline_keyboard"][0][0]["callback_data"] = data or "?"
        pressed = await ada.presses(message, data or "?")
        assert pressed.alert, data
        assert pressed.text, data
    assert message.edits == 0


async def test_buttons_of_long_searches_outlive_a_restart(tmp_path: Path) -> None:
    words = "expo " + " ".join(f"-nothing{n}" for n in range(20))
    async with Server(patience=20) as server:
        ada = server.person("Ada")
        chat = server.private(ada)
        async with desk_over(tmp_path / "n.db") as desk:
            await desk.has(*(story(f"Expo {n}", published=NOW - timedelta(n)) for n in range(9)))
            async with serving(server, desk):
                await ada.says(chat, f"/search {words}")
                message = await server.next_message(chat)
        async with desk_over(tmp_path / "n.db") as desk, serving(server, desk):
            await ada.presses(message, "Next ›")
            assert "6. Expo 5" in (await server.edited(message)).text


async def test_pressing_for_what_is_shown_already_is_no_error(
    server: Server, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "/settings")
    message = await server.next_message(chat)
    ada.press(message, "Turn previews off")
    ada.press(message, "Turn previews off")  # twice, before the first was seen
    await server.called("editMessageText", status=400)
    await ada.says(chat, "/topics")
    assert (await server.next_message(chat)).text.startswith("Topics")


async def test_a_message_that_is_gone_is_told(server: Server, ada: Person, chat: Chat) -> None:
    await ada.says(chat, "/latest")
    message = await server.next_message(chat)
    message.deleted = True
    assert "too old" in (await ada.presses(message, "📖 1")).text


# Groups, forums and channels


async def test_in_a_group_answers_are_replies_and_only_who_asked_turns_the_page(
    server: Server, ada: Person, desk: TestDesk
) -> None:
    await desk.has(*(story(f"More {n}", published=NOW - timedelta(9 + n)) for n in range(6)))
    bob = server.person("Bob")
    group = server.supergroup("Readers", members=[ada, bob])
    asked = await ada.says(group, "/latest@DatelineBot")
    (answer,) = await server.replies(group, after=asked)
    assert answer.reply_to is asked
    pressed = await bob.presses(answer, "Next ›")
    assert pressed.text == "That page is somebody else's. For your own, send /latest page:2"
    assert answer.edits == 0
    assert (await ada.presses(answer, "Next ›")).text == ""
    assert "6. More" in (await server.edited(answer)).text


async def test_in_a_group_the_bot_keeps_out_of_what_is_not_its_own(desk: TestDesk) -> None:
    async with Server(patience=20, reads_all=True) as server, serving(server, desk):
        ada = server.person("Ada")
        group = server.supergroup("Readers", members=[ada])
        for text in ("good morning", "/latest@OtherBot", "/nonsense", "mail ada@datelinebot.org"):
            await ada.says(group, text)
        asked = await ada.says(group, "hey @DatelineBot tram")
        (answer,) = await server.replies(group)
        assert answer.reply_to is asked
        assert "Tram line opens" in answer.text
        again = await ada.says(group, "and the walk?", reply_to=answer)
        assert (await server.replies(group, after=again))[0].reply_to is again
        unknown = await ada.says(group, "/nonsense@DatelineBot")
        assert "no command" in (await server.replies(group, after=unknown))[0].text


async def test_thanks_are_answered_in_private_and_in_a_group_by_silence(desk: TestDesk) -> None:
    async with Server(patience=20, reads_all=True) as server, serving(server, desk):
        ada = server.person("Ada")
        private = server.private(ada)
        await ada.says(private, "thanks a lot!")
        assert "You're welcome!" in (await server.next_message(private)).text
        group = server.supergroup("Readers", members=[ada])
        for line in ("thanks @DatelineBot", "@DatelineBot good morning"):
            await ada.says(group, line)
        asked = await ada.says(group, "hey @DatelineBot tram")
        (answer,) = await server.replies(group)
        assert answer.reply_to is asked


async def test_a_quiet_group_hears_the_bot_on_commands_only(desk: TestDesk) -> None:
    async with Server(patience=20, reads_all=True) as server, serving(server, desk):
        ada = server.person("Ada")
        group = server.supergroup("Readers", admins=[ada])
        await ada.says(group, "/settings messages off")
        done = await server.next_message(group)
        assert "Done: messages is now off here." in done.text
        await ada.says(group, "@DatelineBot tram")
        await ada.says(group, "tram", reply_to=done)
        await ada.says(group, "/topics")
        assert (await server.next_message(group)).text.startswith("Topics")


async def test_words_of_another_message_are_searched_for(server: Server, ada: Person) -> None:
    bob = server.person("Bob")
    group = server.supergroup("Readers", members=[ada, bob])
    said = await bob.says(group, "Have you heard that a tram runs to the harbour?")
    asked = await ada.says(group, "/related", reply_to=said)
    (related,) = await server.replies(group, after=asked)
    assert "1. Tram line opens" in related.text
    asked = await ada.says(group, "/search@DatelineBot", reply_to=said)
    (found,) = await server.replies(group, after=asked)
    assert "1. Tram line opens" in found.text


async def test_a_forum_is_answered_in_the_topic_that_was_asked_in(
    server: Server, ada: Person
) -> None:
    forum = server.forum("Readers", members=[ada])
    sports = forum.topic("Sports")
    asked = await ada.says(forum, "/latest", thread=sports)
    (answer,) = await server.replies(forum, after=asked)
    assert (answer.thread, answer.reply_to) == (sports, asked)
    asked = await ada.says(forum, "/search")
    (general,) = await server.replies(forum, after=asked)
    assert general.thread is None


async def test_a_channel_is_answered(server: Server) -> None:
    editor = server.person("Ed")
    channel = server.channel("News", admins=[editor])
    await editor.says(channel, "Just a post")
    asked = await editor.says(channel, "/latest")
    (answer,) = await server.replies(channel)
    assert answer.reply_to is asked
    assert "1. Cost of the Osaka Expo rises" in answer.text


async def test_what_nobody_wrote_there_is_not_answered_though_it_is_a_command(
    desk: TestDesk,
) -> None:
    async with Server(patience=20) as server:
        editor = server.person("Ed")
        group = server.supergroup("Readers", members=[editor])
        channel = server.channel("News", admins=[editor])
        channel.discussion = group
        async with serving(server, desk):
            await editor.says(channel, "/latest")
            await editor.posts({"input_message_content": {"message_text": "/topics"}}, group)
            await server.next_message(channel)
        forwarded, brought = group.messages.values()  # and nothing else
        assert (forwarded.marked("bot_command"), forwarded.sender_chat) == (["/latest"], channel)
        assert brought.marked("bot_command") == ["/topics"]
        assert len(server.sent(channel)) == 1


# Moderators


async def test_only_moderators_reload_and_change_settings(server: Server, ada: Person) -> None:
    mo = server.person("Mo")
    group = server.supergroup("Readers", admins=[mo], members=[ada])
    for line in ("/reload", "/settings preview off"):
        asked = await ada.says(group, line)
        (refused,) = await server.replies(group, after=asked)
        assert "Only moderators can use" in refused.text
    asked = await mo.says(group, "/settings")
    (settings,) = await server.replies(group, after=asked)
    assert "Only moderators can use" in (await ada.presses(settings, "Turn previews off")).text
    await mo.presses(settings, "Turn previews off")
    await server.edited(settings)
    asked = await ada.says(group, "/latest")
    (latest,) = await server.replies(group, after=asked)
    assert latest.link_preview_options == {"is_disabled": True}


@pytest.mark.parametrize(("bot", "times"), [("administrator", 2), ("member", 5)])
async def test_a_demoted_administrator_loses_the_rights_at_once(
    server: Server, ada: Person, bot: str, times: int
) -> None:
    mo = server.person("Mo")
    group = server.supergroup("Readers", admins=[ada, mo], bot=bot)
    for value in ("off", "on", "off"):
        asked = await mo.says(group, f"/settings preview {value}")
        assert "Done" in (await server.replies(group, after=asked))[0].text
    server.make(mo, "member", group)
    asked = await mo.says(group, "/settings preview on")
    assert "Only moderators can use" in (await server.replies(group, after=asked))[0].text
    asked = await ada.says(group, "/settings preview on")
    assert "Done" in (await server.replies(group, after=asked))[0].text
    # Who administrates is asked for once where a change is told, and each time elsewhere.
    assert len(server.made("getChatAdministrators")) == times


async def test_a_bot_that_is_demoted_itself_asks_each_time(server: Server, ada: Person) -> None:
    mo = server.person("Mo")
    group = server.supergroup("Readers", admins=[ada, mo], bot="administrator")
    asked = await mo.says(group, "/settings preview off")
    await server.replies(group, after=asked)
    await ada.adds_bot(group)  # as a mere member
    asked = await mo.says(group, "/settings preview on")
    await server.replies(group, after=asked)
    server.make(mo, "member", group)
    asked = await mo.says(group, "/settings preview off")
    assert "Only moderators can use" in (await server.replies(group, after=asked))[0].text


async def test_an_anonymous_administrator_is_a_moderator_of_that_very_group(
    server: Server, ada: Person
) -> None:
    mo = server.person("Mo")
    group = server.supergroup("Readers", admins=[ada, mo])
    server.make(mo, "administrator", group, anonymous=True)
    asked = await mo.says(group, "/settings preview off")
    (done,) = await server.replies(group, after=asked)
    assert "Done" in done.text


async def test_whom_the_operator_named_is_a_moderator_everywhere(
    tmp_path: Path,
) -> None:
    async with desk_over(tmp_path / "m.db") as desk, Server(patience=20) as server:
        mo = server.person("Mo")
        chat = server.private(mo)
        async with serving(server, desk, [mo.id]):
            await mo.says(chat, "/help")
            assert "/reload" in (await server.next_message(chat)).text


async def test_who_administrates_cannot_be_asked_is_no_moderator(
    server: Server, ada: Person
) -> None:
    group = server.supergroup("Readers", admins=[ada])
    server.fails("getChatAdministrators", faults.broken(500))
    asked = await ada.says(group, "/reload")
    assert "Only moderators can use" in (await server.replies(group, after=asked))[0].text
