"""Times in questions, end to end: what is found in them, told of them, and offered without them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsdesk import TestDesk, desk_over, titles
from stories import CHAT, MODERATOR, NOW, READER
from time_questions import AS_WORDS, IN_ORDER, IN_PERIODS, NEWS, PERIODS, dated

from bot.i18n import SpokenTranslations, load
from bot.reply import Reply, Role

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))


@pytest.fixture
async def news(desk: TestDesk) -> TestDesk:
    await desk.has(*NEWS)
    return desk


def offers(reply: Reply) -> list[str]:
    return [str(button.action) for button in reply.buttons if button.role is Role.OFFER]


@pytest.mark.parametrize(("asked", "found"), IN_PERIODS)
async def test_a_search_keeps_to_the_period(news: TestDesk, asked: str, found: list[str]) -> None:
    reply = await news.ask(asked)
    if not found:
        assert reply.notes[0].startswith("Nothing found for")
        return
    assert sorted(t[:13] for t in titles(reply)) == sorted(t[:13] for t in found)
    assert any(note.startswith("I took") for note in reply.notes)


HOLIDAYS = [
    dated("2026-11-20", "Market closes early", "Earth and boxing."),
    dated("2026-04-01", "A penguin flies"),
    dated("2026-02-14", "Florists run out of roses"),
    dated("2026-01-01", "Trains run late"),
    dated("2025-12-31", "Fireworks over the harbour"),
    dated("2025-12-26", "Shops open again"),
    dated("2025-12-25", "Flights are cancelled", "A storm."),
    dated("2025-12-24", "Storm cuts power"),
    dated("2025-10-31", "Pumpkins sell out"),
    dated("2025-06-01", "Christmas comes early in Osaka"),
    dated("2024-12-31", "Old fireworks"),
]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("new year's eve", "Fireworks over the harbour"),
        ("what happened on new year’s eve?", "Fireworks over the harbour"),
        ("fireworks new years eve 2024", "Old fireworks"),
        ("trains on new year's day", "Trains run late"),
        ("storm christmas eve", "Storm cuts power"),
        ("flights on christmas day", "Flights are cancelled"),
        ("boxing day", "Shops open again"),
        ("valentine's day", "Florists run out of roses"),
        ("halloween", "Pumpkins sell out"),
        ("april fools' day", "A penguin flies"),
        ("between christmas and new year's eve", "Fireworks over the harbour"),
        ("silvester", "Fireworks over the harbour"),
    ],
)
async def test_a_holiday_is_a_date(desk: TestDesk, asked: str, first: str) -> None:
    await desk.has(*HOLIDAYS)
    reply = await desk.ask(asked)
    assert titles(reply)[0] == first
    assert any(note.startswith("I took") for note in reply.notes)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("christmas", "Christmas comes early in Osaka"),
        ("early christmas osaka", "Christmas comes early in Osaka"),
        ("boxing", "Market closes early"),
    ],
)
async def test_a_holiday_that_stories_are_about_is_a_word(
    desk: TestDesk, asked: str, first: str
) -> None:
    await desk.has(*HOLIDAYS)
    reply = await desk.ask(asked)
    assert titles(reply)[0] == first
    assert not any(note.startswith("I took") for note in reply.notes)


@pytest.mark.parametrize(("asked", "first", "count"), PERIODS)
async def test_a_period_alone_lists_its_stories(
    news: TestDesk, asked: str, first: str, count: int
) -> None:
    reply = await news.ask(asked)
    assert titles(reply)[0] == first
    assert reply.title.startswith("Latest stories: ")
    shown = len(reply.cards)
    while any(button.role is Role.NEXT for button in reply.buttons):
        reply = await news.press(reply, Role.NEXT)
        shown += len(reply.cards)
    assert shown == count


@pytest.mark.parametrize(("asked", "order"), IN_ORDER)
async def test_an_order_is_kept(news: TestDesk, asked: str, order: list[str]) -> None:
    found = titles(await news.ask(asked))
    assert len(found) >= len(order)
    for title, begin in zip(found, order, strict=False):
        assert title.startswith(begin)


NEWS_OF_TIMES = [
    dated("2026-11-20", "Museum sold", "It was an old one."),
    dated("2025-10-01", "A vaccine at last", "It is to be had from Dec. 4."),
    dated("2025-06-20", "Tram line opens", "Trams run since June."),
    dated("2025-01-10", "Museum to move", "It closes next spring."),
    dated("2022-09-09", "Last Week Tonight wins", "A comedy."),
    dated("2021-06-30", "Tram plan unveiled", "Trams by 2025, the mayor says."),
    dated("2021-05-05", "最低賃金、来年引き上げ", "労使が合意した。"),
    dated("2020-05-05", "労使の協議", "最低賃金を決める。"),
]
"""Stories that tell of times which they are not of."""


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("last week tonight", "Last Week Tonight wins"),
        ("trams by 2025", "Tram plan unveiled"),
        ("museum next spring", "Museum to move"),
        ("Dec. 4", "A vaccine at last"),
        ("来年 最低賃金", "最低賃金、来年引き上げ"),
    ],
)
async def test_a_time_that_stories_tell_of_is_words(desk: TestDesk, asked: str, first: str) -> None:
    await desk.has(*NEWS_OF_TIMES)
    reply = await desk.ask(asked)
    assert titles(reply)[0] == first
    assert not any("time" in note for note in reply.notes)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("storm ayer", ["Storm warning issued"]),
        ("storm el mes pasado", ["Storm hits coast"]),
        ("storm en octubre de 2026", ["Storm hits coast"]),
        ("china la semana pasada", ["China exports fall"]),
        ("china hace cinco días", ["China exports fall"]),
        ("china el 5 de octubre de 2026", ["China builds reactors"]),
        ("china antes de septiembre de 2023", ["China bans seafood"]),
        ("storm desde noviembre", ["Storm warning issued"]),
        ("fires en el verano de 2025", ["Fires in the south"]),
        ("tickets entre septiembre y octubre de 2023", ["Osaka Expo sells tickets"]),
        ("storm el domingo", ["Storm warning issued"]),
        ("osaka más antiguo", ["Osaka Expo sells tickets"]),
        ("lo último sobre osaka", ["Osaka Expo cost rises"]),
        ("¿qué pasó ayer?", ["Storm warning issued"]),
        ("noticias de octubre de 2026", ["Storm hits coast"]),
        ("anteayer", []),
    ],
)
async def test_spanish_readers_say_when_in_spanish(
    tmp_path: Path, asked: str, found: list[str]
) -> None:
    spanish = SpokenTranslations(load("es"))
    async with desk_over(tmp_path / "dateline.db", translations=spanish) as desk:
        await desk.has(*NEWS)
        reply = await desk.ask(asked)
        if found:
            assert titles(reply)[:1] == found
        assert any(words in note for note in reply.notes for words in ("por", "ese tiempo"))


@pytest.mark.parametrize(("asked", "first"), AS_WORDS)
async def test_what_stories_hold_as_words_are_words(news: TestDesk, asked: str, first: str) -> None:
    reply = await news.ask(asked)
    assert titles(reply)[0] == first
    assert not any(note.startswith("I took") for note in reply.notes)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("lake marathon february", "February marathon moves off the lake"),
        ("marathon lake februrary", "February marathon moves off the lake"),  # with a typo
        ("five stocks sunday", "Five stocks to watch after Sunday's vote"),
    ],
)
async def test_a_bare_time_is_a_word_where_one_title_holds_the_whole_question(
    news: TestDesk, asked: str, first: str
) -> None:
    await news.has(
        dated("2026-01-28", "February marathon moves off the lake"),
        dated("2026-02-10", "A lake for the marathon"),
        dated("2026-11-20", "Five stocks to watch after Sunday's vote"),
        dated("2026-11-22", "These are the stocks of the day, all five"),
    )
    reply = await news.ask(asked)
    assert titles(reply)[0] == first
    assert not any(note.startswith("I took") for note in reply.notes)
    assert any(button.label.startswith("As a time: ") for button in reply.buttons)


async def test_a_bare_time_is_a_time_where_no_title_holds_the_rest_beside_it(
    news: TestDesk,
) -> None:
    await news.has(dated("2026-02-10", "A lake for the marathon"))
    reply = await news.ask("lake marathon february")
    assert titles(reply) == ["A lake for the marathon"]
    assert reply.notes[0].startswith("I took “february” as a time")


@pytest.mark.parametrize("asked", ["good friday fish", "cyber monday", "shops on easter monday"])
async def test_days_with_names_are_words_though_no_title_has_them(
    news: TestDesk, asked: str
) -> None:
    await news.has(dated("2025-03-01", "Fish and shops", "Good Friday, Cyber Monday."))
    reply = await news.ask(asked)
    assert not any(note.startswith("I took") for note in reply.notes)


async def test_a_year_to_come_is_a_word(news: TestDesk) -> None:
    await news.has(dated("2026-11-01", "Plans for the Expo", "It opens in 2030 at last."))
    reply = await news.ask("expo 2030")
    assert titles(reply)[0] == "Plans for the Expo"
    assert reply.notes == ()


async def test_the_reading_is_told_and_the_search_without_it_offered(news: TestDesk) -> None:
    reply = await news.ask("osaka expo in october 2023")
    assert reply.title == "Stories about “osaka expo” · October 2023"
    assert reply.notes == ("I took “in october 2023” as a time: stories of October 2023.",)
    (offer,) = (b for b in reply.buttons if b.role is Role.OFFER)
    assert offer.label == "Search for just “osaka expo”"
    again = await news.ask(str(offer.action))
    assert len(again.cards) == 3
    assert again.notes == ()


async def test_an_order_is_told_and_the_search_without_it_offered(news: TestDesk) -> None:
    reply = await news.ask("latest on osaka expo")
    assert reply.title == "Stories about “osaka expo” · newest first"
    assert reply.notes == ("Newest first, because of “latest”.",)
    assert offers(reply) == ['/search words:"osaka expo"']


async def test_the_words_of_a_period_can_be_searched_for(news: TestDesk) -> None:
    reply = await news.ask("october 2023")
    (offer,) = (b for b in reply.buttons if b.role is Role.OFFER)
    assert offer.label == "Search for the words “october 2023”"
    assert (await news.ask(str(offer.action))).text[0] == 'Nothing found for "october 2023".'


async def test_a_name_can_be_taken_as_a_time(news: TestDesk) -> None:
    reply = await news.ask("black friday")
    (offer,) = (b for b in reply.buttons if b.role is Role.OFFER)
    assert offer.label == "As a time: Nov 20, 2026"
    assert str(offer.action) == '/search words:"black since:2026-11-20 before:2026-11-21"'


@pytest.mark.parametrize(
    ("asked", "when", "found"),
    [
        ("osaka expo last week", "Nov 16 – 22, 2026", 3),
        ("ntt in 2024", "2024", 1),
        ("china on november 17", "Nov 17, 2026", 4),
        ("osaka next month", "December 2026", 3),
    ],
)
async def test_a_period_without_such_stories_says_so(
    news: TestDesk, asked: str, when: str, found: int
) -> None:
    reply = await news.ask(asked)
    assert len(reply.cards) == found
    (note,) = (note.replace("\u2009", " ") for note in reply.notes)
    assert note.startswith("Nothing found for “")
    assert note.endswith(f"” from that time ({when}), so this is from any time.")


async def test_words_that_are_nowhere_are_not_found_at_any_time(news: TestDesk) -> None:
    reply = await news.ask("qwertyuiop in 2023")
    assert reply.text[0] == "Nothing found for “qwertyuiop”."
    assert reply.notes == ("I took “in 2023” as a time: stories of 2023.",)


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("stories published in 2023", "2023"),
        ("2022 to 2023", "2022 – 2023"),
        ("between october and november 2023", "October – November 2023"),
        ("from december 2023 to february 2024", "December 2023 – February 2024"),
        ("between october 14 and 21 2023", "Oct 14 – 21, 2023"),
        ("q4 2023", "Q4 2023"),
        ("summer 2023", "June – August 2023"),
        ("since october 14, 2023", "since Oct 14, 2023"),
        ("before 2023", "before Jan 1, 2023"),
        ("yesterday evening", "Nov 22, 2026, from 17:00"),
    ],
)
async def test_a_period_has_a_short_name(news: TestDesk, asked: str, label: str) -> None:
    title = (await news.ask(asked)).title.replace("\u2009", " ")
    assert title == f"Latest stories: {label}"


async def test_a_period_without_any_story_says_so_and_lists_the_latest(news: TestDesk) -> None:
    reply = await news.ask("news from 2019")
    assert titles(reply)[0] == "Parliament opens"
    assert reply.title == "Latest stories"
    assert reply.notes == ("There are no stories from that time (2019). Here are the latest.",)


async def test_what_a_period_has_only_by_a_bold_guess_is_no_find(news: TestDesk) -> None:
    reply = await news.ask("women march last week")  # "march" is a word here
    assert titles(reply)[0] == "Women march in Warsaw"
    assert reply.notes[0].startswith("Nothing found for “women march” from that time")


@pytest.mark.parametrize("asked", ["shares tuesday tradng", "shaers tuesday tradin"])
async def test_a_time_is_a_word_where_a_typo_hides_the_story_that_says_it(
    desk: TestDesk, asked: str
) -> None:
    await desk.has(
        dated("2026-09-10", "Shares rise", "Wednesday’s trading was quiet."),
        dated("2026-09-02", "Shares fall", "Tuesday’s trading was wild."),
    )
    assert titles(await desk.ask(asked)) == ["Shares fall"]


async def test_typos_beside_a_time_are_still_corrected(news: TestDesk) -> None:
    reply = await news.ask("whats the latest on the osaka exop")
    assert titles(reply)[0] == "Osaka Expo cost rises"
    assert reply.notes == ("Showing results for “osaka expo”.",)
    assert titles(await news.ask("seafod in 2023")) == ["China bans seafood"]


async def test_a_filter_beside_a_time_is_kept(news: TestDesk) -> None:
    reply = await news.ask('topic:"osaka expo" in october 2023')
    assert titles(reply) == ["Osaka Expo sells tickets"]
    reply = await news.ask("source:wire tickets october 2023")
    assert titles(reply) == ["Osaka Expo sells tickets"]
    assert (await news.ask("source:other tickets october 2023")).cards == ()


async def test_who_writes_a_filter_means_no_other_time(news: TestDesk) -> None:
    reply = await news.ask("china since:2023-09 in october")
    assert not any(note.startswith("I took") for note in reply.notes)
    reply = await news.ask("latest china sort:old")
    assert titles(reply)[0] == "China bans seafood"


async def test_quotes_keep_words_from_being_times(news: TestDesk) -> None:
    reply = await news.ask('"october surprise" campaigns')
    assert titles(reply) == ["October Surprise: what campaigns fear"]
    assert reply.notes == ()


async def test_the_pages_of_a_period_stay_in_it(desk: TestDesk) -> None:
    inside = [dated(f"2026-10-{n:02}", f"Storm {n}", "Wind.") for n in range(1, 13)]
    await desk.has(*inside, dated("2026-11-01", "Storm of november", "Wind."))
    reply = await desk.ask("storm in october")
    seen = titles(reply)
    while any(button.role is Role.NEXT for button in reply.buttons):
        reply = await desk.press(reply, Role.NEXT)
        seen += titles(reply)
    assert sorted(seen) == sorted(one.title for one in inside)


async def test_the_chats_own_zone_says_when_yesterday_was(tmp_path: Path) -> None:
    evening = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # the next morning in Tokyo
    async with desk_over(tmp_path / "news.db", now=evening) as desk:
        await desk.has(dated("2026-11-23T10:00", "Monday"), dated("2026-11-22T10:00", "Sunday"))
        assert titles(await desk.ask("what happened yesterday")) == ["Sunday"]
        assert titles(await desk.ask("/search since:today")) == ["Monday"]
        await desk.ask("/settings timezone tokyo", MODERATOR, CHAT)
        assert titles(await desk.ask("what happened yesterday")) == ["Monday"]
        assert (await desk.ask("/search since:today")).cards == ()


async def test_hours_are_counted_from_the_clock(news: TestDesk) -> None:
    assert titles(await news.ask("last 4 hours")) == ["Parliament opens"]
    assert titles(await news.ask("news in the past 24 hours")) == [
        "Parliament opens",
        "Storm warning issued",
    ]
    assert titles(await news.ask("this morning")) == ["Parliament opens"]
    assert titles(await news.ask("storm last night")) == ["Storm warning issued"]


async def test_an_old_archive_is_read_by_its_own_time(desk: TestDesk) -> None:
    await desk.has(*(one for one in NEWS if one.published < NOW - timedelta(days=900)))
    assert titles(await desk.ask("since november 20")) == [
        "2023 in review",
        "Osaka Expo cost rises",
    ]
    assert titles(await desk.ask("before july 10")) == ["Women march in Warsaw", "Museum reopens"]
    assert titles(await desk.ask("what happened on october 21")) == ["NTT law to be revised"]


async def test_a_typo_of_a_time_is_none_where_stories_hold_the_word(news: TestDesk) -> None:
    await news.has(dated("2026-11-02", "Octobr wins the cup", "The horse ran well."))
    reply = await news.ask("octobr")
    assert titles(reply) == ["Octobr wins the cup"]
    assert reply.notes == ()


@pytest.mark.parametrize("asked", ["/latest last week", "/latest october 2023", "/latest 2023"])
async def test_latest_takes_times_in_words(news: TestDesk, asked: str) -> None:
    reply = await news.ask(asked)
    assert reply.title.startswith("Latest stories: ")
    assert reply.cards
    assert "topic" not in " ".join(reply.notes)


async def test_latest_takes_a_topic_with_a_time(news: TestDesk) -> None:
    reply = await news.ask("/latest osaka expo 3 years ago")
    assert len(reply.cards) == 3
    assert reply.title.startswith("Latest stories: Osaka Expo · ")
    assert reply.notes == ("I took “3 years ago” as a time: stories of 2023.",)
    reply = await news.ask("/latest osaka expo last week")
    assert len(reply.cards) == 3
    assert reply.notes[0].startswith("Nothing found for “osaka expo” from that time")


async def test_latest_takes_other_words_for_a_topic_as_before(news: TestDesk) -> None:
    reply = await news.ask("/latest china last week")
    assert reply.notes[0].startswith("There is no topic “china last week”.")


# Anything at all

PIECES = """
last this next week month year 3 days ago yesterday today since before until between from to and in
on of the october oct may 2023 21 friday q3 summer latest newest oldest first story news china expo
osaka storm hello thanks what's new ocotber -bus OR " topic:x since:2d sort:old WHO 昨日
の地震 2023年
"""


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=8).map(" ".join))
async def test_whatever_is_asked_is_answered_and_every_offer_too(
    news: TestDesk, typed: str
) -> None:
    reply = await news.dispatcher.dispatch("search", {"words": typed or "x"}, READER, CHAT)
    assert reply.ok
    assert reply.cards or reply.text
    for button in reply.buttons:
        if button.role is Role.OFFER:
            assert (await news.dispatcher.press(button.action, READER, CHAT)).ok
