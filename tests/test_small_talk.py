"""Lines that search for nothing: fillers ask for the latest stories, greetings for a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import TestDesk, desk_over, titles, twelve
from stories import CHAT, READER, day, story

from bot.chat.phrases import PHRASES, Intent
from bot.i18n import Translations, load
from bot.model import Person
from bot.text.fillers import Greeting, is_filler, is_greeting

pytestmark = pytest.mark.slow

ALONE = Person("reader", "Ada", host=True)
MENU, NEWS = PHRASES[Intent.MENU], PHRASES[Intent.NEWS]

FILLERS = [
    "news",
    "News?",
    "the news",
    "latest news",
    "what's new?",
    "whats new",
    "what is new",
    "headlines",
    "top headlines please",
    "show me the latest",
    "show me the news",
    "give me the latest headlines",
    "any news?",
    "anything new",
    "got any updates?",
    "breaking news",
    "what's happening",
    "what happened",
    "what happend",
    "wat happened",
    "storys pls",
    "headlnes pls",
    "whats happening in the world",
    "news in the world",
    "show me something",
    "what should i read",
    "anything i should know?",
    "any good stories?",
    "top 10 stories",
    "show me 5 stories",
    "give me a few headlines",
    "gibts was neues",
    "was war los?",
    "what's going on?",
    "what did i miss",
    "what's up",
    "tell me what's new please",
    "hi, any news?",
    "recent stories",
    "latest stories",
    "newest",
    "more news",
    "news of the day",
    "Nachrichten",
    "was gibt es neues?",
    "ニュース",
    "新闻",
    "뉴스",
    "articles",
    "tell me something",
    "surprise me",
    "what else?",
    "yo what's new",
    "thanks, any news?",
    "Nachrichten bitte",
    "noticias",
    "¿qué hay de nuevo?",
    "últimas noticias",
    "何かニュースある？",
    "最新ニュースを教えて",
    "有什么新闻吗",
    "給我看最新消息",
    "뉴스 알려줘",
    "새로운 소식 있어요?",
]
GREETINGS = [
    ("hello", Greeting.HELLO),
    ("Hi there!", Greeting.HELLO),
    ("hey bot", Greeting.HELLO),
    ("good morning", Greeting.HELLO),
    ("Good evening everyone", Greeting.HELLO),
    ("how are you?", Greeting.HELLO),
    ("guten Morgen", Greeting.HELLO),
    ("こんにちは", Greeting.HELLO),
    ("안녕하세요", Greeting.HELLO),
    ("早上好", Greeting.HELLO),
    ("buenos días", Greeting.HELLO),
    ("hola, ¿qué tal?", Greeting.HELLO),
    ("vielen Dank", Greeting.THANKS),
    ("muchas gracias", Greeting.THANKS),
    ("どうもありがとう", Greeting.THANKS),
    ("多謝", Greeting.THANKS),
    ("おやすみなさい", Greeting.GOODBYE),
    ("晚安", Greeting.GOODBYE),
    ("thanks!", Greeting.THANKS),
    ("thank you very much", Greeting.THANKS),
    ("ok thanks", Greeting.THANKS),
    ("thanks a lot, great", Greeting.THANKS),
    ("danke sehr", Greeting.THANKS),
    ("谢谢", Greeting.THANKS),
    ("bye", Greeting.GOODBYE),
    ("good bye", Greeting.GOODBYE),
    ("ok thanks bye", Greeting.GOODBYE),
    ("good night bot", Greeting.GOODBYE),
    ("danke dir", Greeting.THANKS),
    ("hi and thanks", Greeting.THANKS),
]


@pytest.mark.parametrize("line", FILLERS)
async def test_fillers_ask_for_the_latest_stories(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    assert await desk.ask(line) == await desk.ask("/latest")
    assert await desk.ask(f"/search {line}") == await desk.ask("/latest")


async def test_fillers_on_another_page_are_that_page_of_the_latest(desk: TestDesk) -> None:
    await twelve(desk)
    again = await desk.dispatcher.dispatch("search", {"words": "news", "page": "2"}, READER, CHAT)
    assert titles(again) == titles(await desk.ask("/latest page:2"))


@pytest.mark.parametrize(
    "line", ["us news", "china news", "news corp", "new york", "who", "update windows", "hot news"]
)
def test_words_that_mean_something_are_no_fillers(line: str) -> None:
    assert not is_filler(line)
    assert is_greeting(line) is None


@pytest.mark.parametrize(
    "line", ["hello kitty", "good morning america", "thank you for smoking", "hi-fi", "hello world"]
)
def test_names_with_a_greeting_in_them_are_searched_for(line: str) -> None:
    assert is_greeting(line) is None


@pytest.mark.parametrize(("line", "kind"), GREETINGS)
async def test_greetings_get_a_friendly_line_in_private(
    desk: TestDesk, line: str, kind: Greeting
) -> None:
    assert is_greeting(line) is kind
    await twelve(desk)
    reply = await desk.ask(line, ALONE)
    (said,) = reply.text
    assert said.split("!")[0] in {"Hello", "You're welcome", "Goodbye"}
    assert [str(button.action) for button in reply.buttons] == ["/latest", "/topics"]
    assert not reply.cards
    assert not reply.silent


@pytest.mark.parametrize(("line", "_kind"), GREETINGS)
async def test_greetings_get_nothing_in_a_group(desk: TestDesk, line: str, _kind: Greeting) -> None:
    assert (await desk.ask(line, READER)).silent


async def test_a_title_that_says_so_wins(desk: TestDesk) -> None:
    await desk.has(
        story("Hello, Dolly! returns", published=day("2026-11-01")),
        story("Hello", "A song.", published=day("2026-11-02")),
        story("What's New", "A show.", published=day("2026-11-03")),
        story("Newest", "The last.", published=day("2026-11-04")),
    )
    assert titles(await desk.ask("hello dolly", ALONE)) == ["Hello, Dolly! returns"]
    assert titles(await desk.ask("hello", ALONE))[0] == "Hello"
    assert titles(await desk.ask("hello"))[0] == "Hello"
    assert titles(await desk.ask("what's new?"))[0] == "What's New"
    assert (await desk.ask("thanks")).silent


@pytest.mark.parametrize("line", ["👍", "❤️", "...", "!", "🙂🙂", "…", "👍🏽", "-"])
async def test_a_line_without_words_gets_nothing(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    assert (await desk.ask(line, ALONE)).silent
    assert (await desk.ask(line, READER)).silent


async def test_question_marks_ask_where_to_begin_but_not_in_a_group(desk: TestDesk) -> None:
    assert await desk.ask("??", ALONE) == await desk.ask("/start", ALONE)
    assert (await desk.ask("?", READER)).silent


@pytest.mark.parametrize(
    "line",
    [
        *("ok cool", "haha nice", "hahahaha", "looool", "oook", "wowww", "whatever", "awesome"),
        *("very interesting", "thats nice", "not interested"),
        *("hmm", "sorry", "no thanks", "wow", "never mind"),
    ],
)
async def test_a_line_of_opinions_gets_nothing(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    assert (await desk.ask(line, ALONE)).silent


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hellooo", "Hello! What would you like to read about?"),
        ("gud morning", "Hello! What would you like to read about?"),
        ("u there?", "Hello! What would you like to read about?"),
        ("happy new year", "Hello! What would you like to read about?"),
        ("thnx", "You're welcome!"),
        ("wassup", "Hello! What would you like to read about?"),
        ("are you there?", "Hello! What would you like to read about?"),
        ("thanksss", "You're welcome!"),
        ("great job", "You're welcome!"),
        ("see ya", "Goodbye! Come back any time."),
        ("i dont know", "What would you like to read about?"),
    ],
)
async def test_small_talk_has_an_answer_in_private(desk: TestDesk, line: str, said: str) -> None:
    await twelve(desk)
    assert (await desk.ask(line, ALONE)).text == (said,)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        *(("im bored", "/latest"), ("read me something", "/latest"), ("who made you", "/start")),
        *(("what can i ask", "/help"), ("im new here", "/help")),
    ],
)
async def test_lines_that_mean_a_command_are_that(desk: TestDesk, line: str, asked: str) -> None:
    await twelve(desk)
    assert await desk.ask(line, ALONE) == await desk.ask(asked, ALONE)


async def test_a_slip_that_stories_hold_is_a_word(desk: TestDesk) -> None:
    await desk.has(story("Happend wins", "A horse."), story("Tram opens"))
    assert titles(await desk.ask("what happend")) == ["Happend wins"]


async def test_a_name_alone_is_no_slip_of_a_filler(desk: TestDesk) -> None:
    await desk.has(story("Tram opens"))
    assert not (await desk.ask("Neuss")).cards


@pytest.mark.parametrize("line", ["what about in the", "that of the"])
async def test_words_that_say_nothing_are_not_offered(desk: TestDesk, line: str) -> None:
    await desk.has(story("Tram opens in the hills", "It is of the old kind."))
    reply = await desk.ask(f"/search {line} qwertyuiop")
    assert {str(button.action) for button in reply.buttons} <= {"/topics", "/latest"}


@pytest.mark.parametrize("line", ["menu", "Menu", "main menu", "start", "home", "/menu"])
async def test_menu_is_the_beginning(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    assert await desk.ask(line, ALONE) == await desk.ask("/start", ALONE)


@pytest.mark.parametrize(
    "line", ["stop", "Stop!", "please stop", "stop posting", "/stop", "enough"]
)
async def test_stop_offers_what_it_may_mean(desk: TestDesk, line: str) -> None:
    await desk.has(story("Tram opens"))
    nothing = await desk.ask(line, ALONE)
    assert nothing.text[0].startswith("Nothing is posted here on its own.")
    assert not nothing.cards
    await desk.ask("/subscribe tram confirm:on", ALONE)
    offered = await desk.ask(line, ALONE)
    (button,) = offered.buttons
    choice = await desk.dispatcher.press(button.action, ALONE, CHAT)
    assert choice.text == ("Which subscription do you want to end?",)
    assert not (await desk.dispatcher.press(button.action, READER, CHAT)).ok


@pytest.mark.parametrize(
    "line", ["2", "#2", "2.", "read 2", "Read #2", "story 2", "open 2", "show 2"]
)
async def test_a_number_after_a_list_reads(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    await desk.ask("/latest", ALONE)
    reply = await desk.ask(line, ALONE)
    assert (reply.command, titles(reply)) == ("read", ["Story 2"])


async def test_a_number_that_no_list_has_is_searched_for(desk: TestDesk) -> None:
    await desk.has(story("Area 51 opens", "Visitors come."))
    assert (await desk.ask("51", ALONE)).command == "search"
    await desk.ask("/latest", ALONE)
    assert (await desk.ask("51", ALONE)).command == "search"
    assert (await desk.ask("2026", ALONE)).command == "search"
    assert (await desk.ask("read 51", ALONE)).command == "read"


def _catalogue(folder: Path, **phrases: str) -> Translations:
    """Compiles a catalogue in which these lists of phrases are translated."""
    path = folder / "en" / "LC_MESSAGES" / "dateline.mo"
    path.parent.mkdir(parents=True)
    catalogue = Catalog(locale=None)
    for english, own in phrases.items():
        catalogue.add(english, own)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    return load("en", folder)


async def test_a_catalogue_brings_phrases_of_its_own(tmp_path: Path) -> None:
    phrases = {
        MENU: "menú; inicio; menú principal",
        PHRASES[Intent.THANKS]: "mil gracias; se agradece",
        NEWS: "noticias; ¿qué hay?",
        "read; open; show; show me; story; number": "leer; abre",
        "last": "última",
        "first; second; third; fourth; fifth; sixth; seventh; eighth; ninth; tenth": (
            "primera; segunda; tercera"
        ),
        "please; pls; plz": "por favor",
    }
    words = _catalogue(tmp_path, **phrases)
    async with desk_over(tmp_path / "x.db", words) as desk:
        await twelve(desk)
        assert await desk.ask("Inicio", ALONE) == await desk.ask("/start", ALONE)
        assert await desk.ask("menu", ALONE) == await desk.ask("/start", ALONE)
        assert await desk.ask("qué hay", ALONE) == await desk.ask("/latest", ALONE)
        assert (await desk.ask("se agradece", ALONE)).text == ("You're welcome!",)
        assert (await desk.ask("se agradece", READER)).silent
        assert titles(await desk.ask("leer 3", ALONE)) == ["Story 3"]
        assert titles(await desk.ask("segunda", ALONE)) == ["Story 2"]
        await desk.ask("/latest", ALONE)
        assert titles(await desk.ask("última", ALONE)) == ["Story 5"]
        assert titles(await desk.ask("abre tercera por favor", ALONE)) == ["Story 3"]
        assert await desk.ask("inicio, por favor", ALONE) == await desk.ask("/start", ALONE)


async def test_a_search_for_a_greeting_is_a_search(desk: TestDesk) -> None:
    await desk.has(story("Hello, Dolly! returns"))
    assert titles(await desk.ask("/search hello")) == ["Hello, Dolly! returns"]


@given(st.text(max_size=60))
def test_every_line_is_at_most_one_of_both(line: str) -> None:
    if is_greeting(line):
        assert not is_filler(line)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("please help me", "/help"),
        ("help me pls", "/help"),
        ("who are you?", "/start"),
        ("Are you a bot?", "/start"),
        ("menu please", "/start"),
        ("headlines, please!", "/latest"),
        ("help!", "/help"),
        ("Can you help me?", "/help"),
        ("what commands are there", "/help"),
        ("how do i use this?", "/help"),
        ("how do I subscribe?", "/help subscribe"),
        ("how to search", "/help search"),
        ("explain follow", "/help subscribe"),
        ("surprise me", "/latest"),
        ("what's trending?", "/latest"),
        ("stop everything", "stop"),
        ("pls stop", "stop"),
        ("leave me alone", "stop"),
        ("Mute", "stop"),
        ("stop sending me messages", "stop"),
        ("/cancel", "stop"),
    ],
)
async def test_politeness_and_other_words_change_nothing(
    desk: TestDesk, line: str, same: str
) -> None:
    await twelve(desk)
    assert await desk.ask(line, ALONE) == await desk.ask(same, ALONE)


@pytest.mark.parametrize(
    "line", ["ok", "Okay!", "nice one", "lol", "cool.", "got it", "never mind"]
)
async def test_an_opinion_gets_nothing(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    assert (await desk.ask(line, ALONE)).silent
    assert (await desk.ask(line)).silent


@pytest.mark.parametrize("line", ["yes", "No.", "yes please", "sure", "maybe", "test"])
async def test_chatter_is_asked_what_it_wants_in_private(desk: TestDesk, line: str) -> None:
    reply = await desk.ask(line, ALONE)
    assert reply.text == ("What would you like to read about?",)
    assert reply.buttons
    assert (await desk.ask(line)).silent


async def test_a_headline_of_small_talk_comes_first(desk: TestDesk) -> None:
    await desk.has(story("Next"), story("Leave me alone"), story("Cool"))
    for line in ("next", "leave me alone", "cool"):
        assert [title.casefold() for title in titles(await desk.ask(line, ALONE))] == [line]


async def test_the_pages_of_the_last_list_turn_by_words(desk: TestDesk) -> None:
    await twelve(desk)
    assert (await desk.ask("next", ALONE)).command == "search"  # of no list
    for asked in ("/latest", "/search story"):
        first = await desk.ask(asked, ALONE)
        second = await desk.ask("next page", ALONE)
        assert (second.page, second.title) == (2, first.title)
        third = await desk.ask("more, please", ALONE)
        assert third.page == 3
        again = await desk.ask("more", ALONE)
        assert (again.page, again.notes) == (3, ("That was the last page already.",))
        assert (await desk.ask("back", ALONE)).page == 2
        assert (await desk.ask("previous", ALONE)) == first
        assert (await desk.ask("go back", ALONE)).page == 1


@pytest.mark.parametrize(
    "line",
    [
        "the second",
        "second one",
        "2nd",
        "the 2nd story",
        "read the second one",
        "open 2 please",
        "show me number 2",
        "#2",
        "number 2!",
        "read two",
        "two",
    ],
)
async def test_a_story_of_the_list_is_read_by_its_place(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    await desk.ask("/latest", ALONE)
    assert titles(await desk.ask(line, ALONE)) == ["Story 2"]


@pytest.mark.parametrize("line", ["last", "the last one", "read the last story", "open last"])
async def test_the_last_story_is_that_of_the_page(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    await desk.ask("/latest", ALONE)
    assert titles(await desk.ask(line, ALONE)) == ["Story 5"]


@pytest.mark.parametrize("line", ["the second", "second one", "2nd", "third", "2", "two", "last"])
async def test_a_place_without_a_list_is_searched_for(desk: TestDesk, line: str) -> None:
    await twelve(desk)
    assert (await desk.ask(line, ALONE)).command == "search"
