"""What a reader sees of a search: notes, offers, snippets, filters; and related stories."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsdesk import TestDesk, titles
from stories import CHAT, READER, day, story

from bot.model import Story
from bot.reply import Action, Reply, Role

EXAMPLES = int(os.environ.get("EXAMPLES", "300"))  # `make test EXAMPLES=10000` asks more


def _offers(reply: Reply) -> list[str]:
    return [str(button.action) for button in reply.buttons if button.role is Role.OFFER]


def _marked(reply: Reply) -> list[str]:
    """The marked words of the first card."""
    found = reply.cards[0].snippet
    return [found.text[start:end] for start, end in found.marks] if found else []


async def _papers(desk: TestDesk) -> None:
    await desk.has(
        story("Osaka Expo cost rises", "The pavilion costs more.", published=day("2023-11-28")),
        story("Buses for the Osaka Expo", "Electric buses.", published=day("2023-11-10")),
        story("Crematorium sold", "Fees rise in Tokyo.", published=day("2023-10-23")),
        story("Cremation fees", "They rise.", published=day("2023-10-20"), source="other"),
        story("Smartwatch hears hearts", "A smartwatch on a wrist.", published=day("2024-01-02")),
    )


async def test_a_mended_search_says_so_and_offers_the_literal_one(desk: TestDesk) -> None:
    await _papers(desk)
    reply = await desk.ask("/search osaka exp")
    assert reply.notes == ("Showing results for “osaka expo”.",)
    (literal,) = _offers(reply)
    exact = await desk.ask(literal)
    assert exact.cards == ()
    assert exact.text[0] == 'Nothing found for "osaka" "exp".'


async def test_the_filters_are_kept_when_the_literal_search_is_asked_for(desk: TestDesk) -> None:
    await _papers(desk)
    reply = await desk.ask('/search topic:"Osaka Expo" cst since:2023')
    assert titles(reply) == ["Osaka Expo cost rises"]
    assert _offers(reply) == [r'/search words:"\"cst\" topic:\"Osaka Expo\" since:2023"']


async def test_a_known_word_is_not_corrected_away_but_its_neighbour_is_offered(
    desk: TestDesk,
) -> None:
    await desk.has(
        story("Trian, a fund"), *(story(f"Trains {n}", f"A train {n}.") for n in range(30))
    )
    reply = await desk.ask("/search trian")
    assert titles(reply)[0] == "Trian, a fund"
    assert reply.notes == ("Also showing results for “train”.",)
    (offer,) = _offers(reply)
    assert titles(await desk.ask(offer))[0].startswith("Trains")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("smart watch", "Smartwatch hears hearts"),
        ("osakaexpo buses", "Buses for the Osaka Expo"),
        ("what's the latest on the osaka expo cost?", "Osaka Expo cost rises"),
        ("cremations", "Cremation fees"),
        ("crematoriums", "Crematorium sold"),
        ("pavilions", "Osaka Expo cost rises"),
        ("krematorium", "Crematorium sold"),
        ("tell me about smart watches", "Smartwatch hears hearts"),
        ("busses expo", "Buses for the Osaka Expo"),
        ("crematorum soldd", "Crematorium sold"),
    ],
)
async def test_the_story_that_is_meant_comes_first(desk: TestDesk, typed: str, first: str) -> None:
    await _papers(desk)
    assert titles(await desk.ask(f"/search {typed}"))[0] == first


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("rise since:2023-11", ["Osaka Expo cost rises"]),
        ("fees source:other", ["Cremation fees"]),
        ('fees source:"Other News"', ["Cremation fees"]),
        ("fees before:2023-10-23", ["Cremation fees"]),
        ("in:title fees", ["Cremation fees"]),
        ("expo -cost", ["Buses for the Osaka Expo"]),
        ("sort:new expo", ["Osaka Expo cost rises", "Buses for the Osaka Expo"]),
        ('topic:"osaka expo"', ["Osaka Expo cost rises", "Buses for the Osaka Expo"]),
        ("SINCE:2023-11-20 BEFORE:2023-12", ["Osaka Expo cost rises"]),
    ],
)
async def test_filters_choose_among_what_is_found(
    desk: TestDesk, typed: str, found: list[str]
) -> None:
    await _papers(desk)
    reply = await desk.ask(f"/search {typed}")
    assert titles(reply) == found
    assert reply.notes == ()


async def test_newest_first_holds_for_what_was_mended_too(desk: TestDesk) -> None:
    await _papers(desk)
    best = await desk.ask("/search osakka expo cost OR osakka expo")
    newest = await desk.ask("/search osakka expo sort:new")
    assert titles(newest) == ["Osaka Expo cost rises", "Buses for the Osaka Expo"]
    assert set(titles(best)) == set(titles(newest))
    oldest_fits_best = await desk.ask("/search buses osakka expo OR osakka sort:new")
    assert titles(oldest_fits_best)[:2] == titles(newest)


async def test_words_to_leave_out_need_words_to_look_for(desk: TestDesk) -> None:
    await _papers(desk)
    reply = await desk.ask('/search topic:"Osaka Expo" -buses')
    assert reply.notes == ("I left out “-buses”: it works only alongside a word to search for.",)


@pytest.mark.parametrize(
    ("filter_", "right"),
    [
        ("topic:osaca", 'topic:"Osaka Expo"'),
        ("source:wier", "source:wire"),
        ("since:soon", "since:2d, since:2023-10"),
        ("before:soon", "before:2d, before:2023-10"),
        ("in:body", "in:title"),
        ("sort:best", "sort:new, sort:old"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_left_out_and_the_right_form_told(
    desk: TestDesk, filter_: str, right: str
) -> None:
    await _papers(desk)
    reply = await desk.ask(f"/search crematorium {filter_}")
    assert titles(reply) == ["Crematorium sold"]
    name, value = filter_.split(":")
    told = f"I didn't understand “{filter_}”, so I left it out."
    if name in {"topic", "source"}:
        told = f"There is no {name} “{value}”, so I left that out."
    assert reply.notes[0].startswith(told)
    assert right in reply.notes[0]


async def test_a_filter_alone_that_names_nothing_leaves_nothing_to_search_for(
    desk: TestDesk,
) -> None:
    await _papers(desk)
    for line in ("topic:nosuch", "/search source:nosuch"):
        reply = await desk.ask(line)
        assert "Stories about" not in reply.title
        assert reply.notes[0].startswith("There is no ")
        assert reply.text[0] == "That leaves nothing to search for."
        assert Action("topics") in [button.action for button in reply.buttons]


async def test_no_reply_has_two_buttons_for_the_same(desk: TestDesk) -> None:
    await _papers(desk)
    for line in ("october surprise", "surprise in october", "osaka topic:world since:2d", "buses"):
        actions = [button.action for button in (await desk.ask(line)).buttons]
        assert len(set(actions)) == len(actions)


@pytest.mark.parametrize("typed", ["x", "q", "zz", "?!x", "7"])
async def test_a_letter_or_two_are_like_no_name(desk: TestDesk, typed: str) -> None:
    await _papers(desk)
    for line in (typed, f"/topic {typed}", f"/search {typed}"):
        reply = await desk.ask(line)
        if not reply.cards:
            labels = {button.label for button in reply.buttons}
            assert not labels & {topic.name for topic in desk.topics}


async def test_what_is_related_to_a_word_says_which_story_was_taken(desk: TestDesk) -> None:
    await desk.has(*RAIL, *(story(f"Filler {n}", f"Something about thing{n}.") for n in range(40)))
    reply = await desk.ask("/related sleepers")  # of one headline
    assert reply.title == "Related to “Sleepers are running out”"
    assert reply.notes == ()
    milan = await desk.ask("/related vienna")  # of no headline
    assert milan.notes == ("No headline says “vienna”, so I took the story that does.",)
    assert milan.buttons[-2].label == "Read it"
    filler = await desk.ask("/related filler")  # of many
    assert filler.notes == ("Several stories fit “filler”, so I took the likeliest.",)
    others = [button for button in filler.buttons if button.action.command == "related"]
    assert len(others) == 3


async def test_what_filters_hide_is_offered_without_them(desk: TestDesk) -> None:
    await _papers(desk)
    reply = await desk.ask("/search crematorium since:2024-06")
    assert reply.cards == ()
    assert "/search words:crematorium" in _offers(reply)


async def test_the_snippet_shows_what_was_found_and_marks_it(desk: TestDesk) -> None:
    long = "Nothing here. " * 60 + "The Crematorium of Tokyo was sold. " + "Nothing more. " * 60
    await desk.has(story("A sale", f"Opening words.\n{long}"))
    reply = await desk.ask("/search tokyo crematorum")
    shown = reply.cards[0].snippet
    assert shown is not None
    assert _marked(reply) == ["Crematorium", "Tokyo"]
    assert shown.text.startswith("… ")
    assert shown.text.endswith(" …")
    assert len(shown.text) < 260
    assert _marked(await desk.ask("/search opening")) == ["Opening"]


async def test_the_piece_that_answers_stands_in_place_of_a_summary_that_does_not(
    desk: TestDesk,
) -> None:
    opening = "The council approved a ferry for the sound on Monday, after two years of talks."
    more = "The ferry will cross the sound every twenty minutes, at the price of a bus ticket."
    answer = "Its batteries come from a factory in Tromsø."
    await desk.has(story("Council approves a ferry", f"{opening}\n{more} " * 4 + f"\n{answer}"))

    (beyond,) = (await desk.ask("/search factory tromsø")).cards
    assert beyond.snippet is not None
    assert answer in beyond.snippet.text
    assert answer not in beyond.story.summary
    (within,) = (await desk.ask("/search council talks")).cards
    assert within.snippet is not None
    assert within.snippet.text == within.story.summary


async def test_scripts_without_spaces_are_found_and_marked(desk: TestDesk) -> None:
    await desk.has(story("大阪万博の費用", "費用が増える。"), story("東京タワー", "高い。"))
    for typed in ("大阪万博", "万博", "費", "大阪 費用"):
        assert titles(await desk.ask(f"/search {typed}")) == ["大阪万博の費用"]
    assert "費用" in _marked(await desk.ask("/search 費用"))


async def test_what_a_story_has_in_pieces_needs_no_note_and_a_short_name_has_one(
    desk: TestDesk,
) -> None:
    await desk.has(
        story("日本航空、機長の飲酒で遅れ", "国が調べる。", published=day("2026-11-20")),
        story("羽田で日航機が衝突", "乗客は無事。", published=day("2026-08-03")),
        story("台灣花蓮發生規模6.8地震", "多棟大樓傾斜。", published=day("2026-11-10")),
    )

    quake = await desk.ask("/search 花莲地震")
    assert (titles(quake), quake.notes) == (["台灣花蓮發生規模6.8地震"], ())
    for typed in ("日航の飲酒", "先週の日航"):
        reply = await desk.ask(f"/search {typed}")
        assert titles(reply)[0] == "日本航空、機長の飲酒で遅れ"
        assert "I took “日航” for “日本航空”." in reply.notes


async def test_what_only_asks_in_a_run_is_no_part_of_what_is_searched_for(desk: TestDesk) -> None:
    await desk.has(story("リニアの着工にめど", "静岡県と合意した。"), story("출산율 최저", "대책."))
    for typed in ("リニアはどうなった", "출산율은 얼마인가요"):
        reply = await desk.ask(f"/search {typed}")
        assert (len(titles(reply)), reply.notes) == (1, ())


# Related


RAIL = (
    story("Night trains return", "Sleeper trains run from Vienna to Milan. The sleepers are full."),
    story("Sleepers are running out", "The night trains to Milan need more sleepers, Vienna says."),
    story("Bread gets cheaper", "Wheat and rice cost less."),
    story("Rice harvest", "Wheat and rice grew well."),
)


async def test_related_stories_share_telling_words_and_never_include_the_story(
    desk: TestDesk,
) -> None:
    await desk.has(*RAIL, *(story(f"Filler {n}", f"Something about thing{n}.") for n in range(40)))
    reply = await desk.ask("/related night trains return")
    assert titles(reply) == ["Sleepers are running out"]
    assert reply.title == "Related to “Night trains return”"
    assert 0 < (reply.cards[0].score or 0) <= 1

    read = await desk.ask(f"/read {RAIL[2].id}")
    assert titles(await desk.press(read, Role.RELATED)) == ["Rice harvest"]
    await desk.ask("/search rice harvest")
    assert titles(await desk.ask("/related 1")) == ["Bread gets cheaper"]


async def test_a_text_finds_the_stories_nearest_to_it(desk: TestDesk) -> None:
    await desk.has(*RAIL, *(story(f"Filler {n}", f"Something about thing{n}.") for n in range(40)))
    text = "Somebody wrote that wheat is cheap this year, and that even rice is, which surprises me"
    reply = await desk.ask(f"/related {text}")
    assert set(titles(reply)) == {"Bread gets cheaper", "Rice harvest"}
    assert reply.title.startswith("Stories most like “Somebody wrote")


async def test_where_nothing_is_related_there_is_a_way_on(desk: TestDesk) -> None:
    alone: Story = story("Alone", "Nobody shares these words.")
    await desk.has(alone, story("Other", "Quite different."))
    reply = await desk.ask(f"/related {alone.id}")
    assert reply.text == ("No related stories found.",)
    assert Action("topics") in [button.action for button in reply.buttons]


# Anything at all


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    typed=st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            'osaka exop expo cost -bus OR " “ topic: topic:x since:2d before:now in:title sort:new '
            "source:wire 大阪 it's C++ a.b -x \0 🙂 what's the ' : -- OR".split(" ")
        ),
        max_size=9,
    ).map(" ".join)
)
async def test_whatever_is_searched_for_is_answered(desk: TestDesk, typed: str) -> None:
    if not (await desk.ask("/latest")).cards:
        await _papers(desk)
    reply = await desk.dispatcher.dispatch("search", {"words": typed}, READER, CHAT)
    scores = [card.score for card in reply.cards if card.score is not None]
    assert all(0 <= score <= 1 for score in scores)
    assert reply.cards or reply.text


@pytest.mark.parametrize(
    "asked",
    [
        "could you pull up coverage regarding {}",
        "i'd like to know more on {}",
        "hey bot, got stuff on {}?",
        "need info {} asap",
        "has anybody covered {} this week",
    ],
)
async def test_questions_around_the_words_are_understood(desk: TestDesk, asked: str) -> None:
    await _papers(desk)
    await desk.has(*(story(f"Week {n}", "Anybody needs more coverage of stuff.") for n in range(9)))
    for words in ("crematorium", "osaka expo buses", "smartwach"):
        found = titles(await desk.ask(f"/search {asked.format(words)}"))
        assert found[0] in {
            "Crematorium sold",
            "Buses for the Osaka Expo",
            "Smartwatch hears hearts",
        }
    assert titles(await desk.ask("/search anybody coverage week"))[0].startswith("Week")
