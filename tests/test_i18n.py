"""The bot's own words: all of them can be translated, and the list of them is complete."""

from __future__ import annotations

import copy
import gettext
import pickle
import re
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from chats import discord_chat, telegram_chat
from newsdesk import TOPICS, TestDesk, desk_over
from stories import MODERATOR, NOW, READER, story, write_news
from tools import messages

from bot.i18n import COMMAND_NAME, DOMAIN, LOCALE_DIR, OPTION_NAME, Translations, languages, load
from bot.ingest.results import FetchResult, UnreadablePart
from bot.model import Chat
from bot.posting.router import SubscriptionRouter
from bot.reply import Reply
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Quiet, Rhythm, Timetable

MARKED = re.compile("⟦[^⟦⟧]*⟧")


class Marking(gettext.NullTranslations):
    """A translation that puts every message that passes through it into brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:
        is_name = context in {COMMAND_NAME, OPTION_NAME}
        return f"⟦{message}⟧" if is_name else message  # else it joins what is translated


def _unmarked(text: str) -> str:
    """What of a text did not pass through the translation."""
    while MARKED.search(text):
        text = MARKED.sub("", text)
    return text


def _own_words(reply: Reply) -> list[str]:
    entries = [part for entry in reply.entries for part in (entry.name, entry.text)]
    labels = [button.label for button in reply.buttons]
    return [reply.title, *reply.notes, *reply.text, *entries, *labels]


LINES = """
/latest
/latest page:2
/latest since:yesterday
/latest osaka expo 2y
/latest source:wier
/latest since:someday
/latest page:x
/latest nowhere:x
/search osaka
/search osakka tower
/search zzzzzz
/search
/topic osaka expo
/topic osaka expos
/topic zzzzzz
/topics
/topics of the day
/read 3
/read 99
/read osaka
/read zzzzzz
/read empty
/sources
/help
/help reload
/help latest
/help nothing
/nothing
/reload
/settings
/settings preview off
/settings preview maybe
/settings nothing off
/settings timezone tokio
/settings timezone zzzz
/settings timezone utc
/catchup
/catchup since:x
/subscribe
/subscribe the
/subscribe osaka expo
/subscribe osaka expo daily 8 quiet:22-7 most:3 picture:off silent:on confirm:on
/subscribe osaka most:1 weekly confirm:on
/subscribe osakka tower hourly since:2d
/subscribe zzzzzz when:x
/subscribe zzzzzz quiet:x
/subscribe zzzzzz most:x
/subscribe zzzzzz role:x
/subscribe zzzzzz silent:x
/subscribe topic:x
/unsubscribe
/unsubscribe all
/unsubscribe all confirm:on
/unsubscribe zzzzzz
/unsubscribe wire
/unsubscribe wier
/unsubscribe subscription:77
/subscriptions
/subscriptions resume:on
/posts
/posts osaka 8
/posts osaka
/posts empty
/posts zzzzzz
""".split("\n")


PLATFORMS = ("console", "telegram", "discord")


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in LINES if line])
@pytest.mark.parametrize("person", [READER, MODERATOR], ids=["reader", "moderator"])
async def test_every_word_of_the_bot_passes_through_the_translation(
    tmp_path: Path, line: str, person: object
) -> None:
    words = Translations("en", Marking())
    async with desk_over(tmp_path / "dateline.db", words) as desk:
        await _busy(desk)
        asks = MODERATOR if person is MODERATOR else READER
        told = [
            text
            for platform in PLATFORMS
            for text in _own_words(await desk.ask(line, asks, Chat(platform, "1")))
        ]
    settings = (
        r"(?:preview|quiet|publish): (?:on|off)|answers: \w+|role: |timezone: [\w/]+"
        r"|language: English"
    )
    data = (
        r"Osaka \d+|osaka tower|Empty|Asia/Tokyo|UTC|Monday|[Oo]saka [Ee]xpo|World|The Wire"
        r"|Other News|wire|other|(?:a\.txt:3: )?why"
    )
    typed = "|".join(map(re.escape, (line, *line.split()[1:])))
    usages = r"/\w+( [\[<]\w+[\]>])*"
    names = "|".join(sorted({o.name for c in desk.dispatcher.registry for o in c.options}))
    dates = r"(?:Nov|May) \d+, \d+|\w+, Nov \d+|\d+ \w+ ago|in \d+ \w+"
    for text in told:
        left = re.sub(
            f"{usages}|{settings}|{data}|{typed}|{dates}|^({names})$", "", _unmarked(text)
        )
        assert not re.search("[^\\W\\d_]{2}", left), (text, left)


async def _busy(desk: TestDesk) -> None:
    """Puts the desk into a state in which it has much to say."""
    await desk.has(*(story(f"Osaka {n}", f"The Osaka Expo {n}.") for n in range(7)), story("Empty"))
    desk.wire.gives = [FetchResult((), (UnreadablePart("a.txt", 3, "why"),) * 9)] * 2
    desk.other.gives = [OSError("no file")] * 2
    await desk.dispatcher.services.poller.load(["wire"])
    for chat in (telegram_chat("1"), discord_chat("1")):
        for one in _followed(chat):
            await desk.store.subscriptions.put(one)
    fresh = [story("Osaka 8", "The Osaka Expo."), story("Osaka 9", "A tower in Osaka.")]
    router = SubscriptionRouter(desk.store.subscriptions)
    await write_news(router, desk.store, fresh, TOPICS)
    await desk.store.subscriptions.pause(discord_chat("1"), "why", NOW)


def _followed(chat: Chat) -> Iterator[Subscription]:
    """What a chat follows, in all the ways there are."""
    weekly = Timetable(Rhythm.WEEKLY)
    yield Subscription(chat, TargetKind.TOPIC, "Osaka Expo", Timetable(Rhythm.DAILY), made=NOW)
    yield Subscription(
        Chat(chat.platform, chat.id, thread="7"),
        TargetKind.SEARCH,
        "osaka tower",
        weekly,
        quiet=Quiet(time(22), time(7)),
        most=3,
        role="1" * 18,
        picture=False,
        silent=True,
        made=NOW,
    )
    yield Subscription(chat, TargetKind.SOURCE, "wire", made=NOW)
    yield Subscription(chat, TargetKind.SOURCE, "other", Timetable(Rhythm.HOURLY), made=NOW)


@pytest.mark.slow
def test_the_list_of_messages_is_up_to_date() -> None:
    found = {(message.context, message.id) for message in messages.gather() if message.id}
    listed = {(one.context, one.id) for one in messages.read(messages.TEMPLATE) if one.id}
    assert found == listed, "run `make messages`"


def test_a_translation_is_spoken_where_there_is_one(tmp_path: Path) -> None:
    with (LOCALE_DIR / f"{DOMAIN}.pot").open("rb") as file:
        catalogue = read_po(file, locale="de")
    message = catalogue.get("Latest stories")
    assert message is not None
    message.string = "Neueste Meldungen"
    target = tmp_path / "de" / "LC_MESSAGES" / f"{DOMAIN}.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)

    german = load("de", tmp_path)
    assert german.gettext("Latest stories") == "Neueste Meldungen"
    assert german.gettext("Topics") == "Topics"
    assert languages(tmp_path) == ("de", "en")


def test_a_language_that_is_missing_is_english() -> None:
    assert load("zz").gettext("Topics") == "Topics"
    assert "en" in languages()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "1,204 stories"),
        ("de", "1.204 Meldungen"),
        ("ja", "記事1,204件"),
        ("es", "12.040 noticias"),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, told: str) -> None:
    words, count = load(language), 12_040 if language == "es" else 1_204
    assert words.ngettext("{count} story", "{count} stories", count).format(count=count) == told


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "1 new story", "2 new stories"),
        ("de", "1 neue Meldung", "2 neue Meldungen"),
        ("es", "1 noticia nueva", "2 noticias nuevas"),
        ("ja", "新着記事1件", "新着記事2件"),
    ],
)
def test_each_language_has_its_plural_forms(language: str, one: str, two: str) -> None:
    words = load(language)
    told = [
        words.ngettext("{count} new story", "{count} new stories", n).format(count=n)
        for n in (1, 2)
    ]
    assert told == [one, two]


def test_a_message_can_be_copied() -> None:
    message = load("de").gettext("Topics")
    assert copy.deepcopy([message]) == pickle.loads(pickle.dumps([message])) == [message]  # noqa: S301
