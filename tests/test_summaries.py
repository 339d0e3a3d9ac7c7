"""Summaries: whole sentences that say what a story is about."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import story

from bot.ingest.summaries.datelines import strip_dateline
from bot.ingest.summaries.features import NAMES
from bot.ingest.summaries.passages import passages
from bot.ingest.summaries.summariser import LENGTH, Summariser
from bot.ingest.summaries.weights import WEIGHTS
from bot.text.balance import is_balanced

FERRY = (
    "The council approved a second electric ferry for the sound on Monday, at a cost of nine "
    "million crowns over four years.\n"
    "The ferry will run every twenty minutes from May, and carry bicycles for nothing.\n"
    "Two members voted against it, since the harbour has only one charger that works in winter.\n"
    "The old diesel boat will be sold, or given to the museum if nobody wants to buy it."
)
TITLE = "Council approves a second electric ferry"


NOTICES = (
    "Reporting by Ada Roe in Oslo; Editing by Max Lo.",
    "Wire writer Ada Roe in Bergen contributed to this report.",
    "This is a developing story.",
    "Please check back for updates.",
    "This story has been corrected to say that the ferry costs 9 million crowns.",
    "An earlier version of this article misspelled the name of the ferry.",
    "Editor’s note: This story contains descriptions of an accident at sea.",
    "© 2026 The Wire.",
    "All rights reserved.",
    "This material may not be published, broadcast, rewritten or redistributed without permission.",
    "(With inputs from Wire.)",
    "(This story has not been edited by our staff and is auto-generated from a syndicated feed.)",
    "The opinions expressed here are those of the author, a columnist for The Wire.",
    "Get the latest news delivered daily!",
    "Contact Ada Roe at ada@example.com or 555-0100.",
    "Follow Ada Roe on Twitter.",
    "Photograph: Ada Roe/The Wire.",
    "You may also like: The best ferries of 2026.",
    "Please enable JavaScript to view this page.",
    "Thank you for reading!",
    "See the timetable at https://ferry.example/times for details.",
    "Subscribe wherever you get your podcasts!",
    "Music by The Waves.",
    "More follows.",
    "This press release contains forward-looking statements.",
    "KBS 뉴스 김철수입니다.",
    "Have a nice day!",
    "This post contains affiliate links.",
    "If you or someone you know needs help, call 988.",
    "A post shared by Ada Roe (@ada) on Jul 28, 2026.",
    "— Ada Roe (@ada) November 29, 2026.",
    "無断転載を禁じます。",
    "関連記事：新しい船が来る。",
    "무단 전재 및 재배포 금지.",
    "Lesen Sie auch: Was Reisende jetzt tun sollten.",
    "À lire aussi : Le bac en question.",
)


def summarise(title: str, text: str, given: str = "", length: int = LENGTH) -> str:
    return Summariser(length).summarise(story(title, text), given)


def test_a_text_that_fits_is_its_own_summary() -> None:
    assert summarise("t", "One.\nTwo.\n# Elsewhere\nThree.") == "One. Two. Three."
    assert summarise("t", "") == ""


@pytest.mark.parametrize("length", [120, 200, 300])
def test_a_summary_is_whole_sentences_in_their_order(length: int) -> None:
    made = summarise(TITLE, FERRY, length=length)
    taken = [line for line in FERRY.splitlines() if line in made]
    assert made == " ".join(taken)
    assert made
    assert len(made) <= length


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        (
            "Chess, rowing, darts.. Every game has its rules and its judges.",
            "Drones get a speed limit",
        ),
        (
            "It’s been a while since my last post, so I’ll begin with an easy one.",
            "Drones get a speed limit",
        ),
        ("I was late again last week, and my editor was not amused.", "Drones get a speed limit"),
        ("It began quietly, with a song that everybody used to know.", "Drones get a speed limit"),
        ("What?! Now?! Ah, well.", "Drones get a speed limit"),
        ("Today’s topic is how drones fly faster and faster.", "Drones get a speed limit"),
        ("This column has often been about drones and their pilots.", "Drones get a speed limit"),
    ],
)
def test_a_beginning_that_says_nothing_of_the_story_is_left_out(opening: str, title: str) -> None:
    news = (
        "The ministry will limit drones over towns to thirty kilometres an hour in April.\n"
        "Pilots of faster drones need a licence, which the speed limit does not replace, it said.\n"
        "Makers of drones had asked for twice the speed, and for a year to get ready for the limit."
    )
    made = summarise(title, f"{opening}\n{news}", length=200)
    assert "limit" in made
    assert not any(part in made for part in opening.split(". ", maxsplit=1)[0].split("! "))


@pytest.mark.parametrize(
    "news",
    [
        "Now the port authority wants to close the ferry line to cars from May.",
        "The port authority of the sound announced that the ferry line will close to cars.",
    ],
)
def test_what_is_announced_is_preferred_to_what_has_long_been_so(news: str) -> None:
    text = (
        "I was on the old boat again last week, and the sea was calm.\n"
        "Most cars on the ferry line belong to people who work on the other side.\n"
        f"{news}\n"
        "The ferry line needs two boats in summer, and one of them is always late."
    )
    assert summarise("Ferry line is in trouble", text, length=110) == news


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("LONDON (Reuters) - Britain voted.", "Britain voted."),
        ("New Delhi, Aug 1 (PTI) The minister spoke.", "The minister spoke."),
        ("OSLO, May 3 (NTB) — “It rains,” he said.", "“It rains,” he said."),
        ("TOKYO, Nov. 29, 2023—The agency chose.", "The agency chose."),
        ("BERLIN, Germany (AP) -- A court ruled.", "A court ruled."),
        ("WASHINGTON — The bill passed.", "The bill passed."),
        ("KUALA LUMPUR: The king returned.", "The king returned."),
        ("(CNN) — The storm turned.", "The storm turned."),
        ("CHICAGO, May 3, 2026 /PRNewswire/ -- Acme won.", "Acme won."),
        ("【大阪】万博が開幕した。", "万博が開幕した。"),
        ("NEW DELHI | The court ruled.", "The court ruled."),
        ("New Delhi [India], May 3 (ANI): The court ruled.", "The court ruled."),
        ("OSLO — (Wire News Service) The mayor left.", "The mayor left."),
        ("(ANSA) - ROMA, 29 NOV - Il re vola.", "Il re vola."),
        ("OSLO--(BUSINESS WIRE)--Acme won.", "Acme won."),
        ("(CNN)Storm Ana turned.", "Storm Ana turned."),
        ("By Ada Roe and Max Lo LONDON (Reuters) - Britain voted.", "Britain voted."),
        ("(Eds: Adds quotes) By A B Lo Beijing, May 3 (PTI) China spoke.", "China spoke."),
        ("Berlin (dpa) - Die Bahn fuhr.", "Die Bahn fuhr."),
        ("ZÜRICH, 29. November (SDA) - Der See stieg.", "Der See stieg."),
        ("Paris, 29 nov. 2026 (AFP) - Le train part.", "Le train part."),
        ("Madrid, 29 nov (EFE).- El tren sale.", "El tren sale."),
        ("МОСКВА, 29 ноября. /ТАСС/. Поезд ушёл.", "Поезд ушёл."),
        ("Москва. 29 ноября. INTERFAX.RU - Поезд ушёл.", "Поезд ушёл."),
        ("القاهرة (رويترز) - أقرت الحكومة.", "أقرت الحكومة."),
        ("नई दिल्ली, 29 नवंबर (भाषा) दिल्ली में धुंध है।", "दिल्ली में धुंध है।"),
        ("ירושלים (רויטרס) - הממשלה אישרה.", "הממשלה אישרה."),
        ("MADRID, 29 (EUROPA PRESS) El tren sale.", "El tren sale."),
        ("【東京＝共同】雪が降った。", "雪が降った。"),
        ("（東京＝共同）雪が降った。", "雪が降った。"),
        ("[東京 29日 ロイター] - 雪が降った。", "雪が降った。"),
        ("東京（AP通信）— 雪が降った。", "雪が降った。"),
        ("新华社北京11月29日电（记者王明）卫星升空。", "卫星升空。"),
        ("（中央社記者王明台北29日電）雪下了。", "雪下了。"),
        ("(서울=연합뉴스) 김철수 기자 = 눈이 왔다.", "눈이 왔다."),
        ("[기자] 눈이 왔다.", "눈이 왔다."),
        ("[서울=뉴시스] 김철수 기자 = 눈이 왔다.", "눈이 왔다."),
    ],
)
def test_datelines_and_agencies_are_no_part_of_a_summary(text: str, bare: str) -> None:
    assert strip_dateline(text) == bare
    assert summarise("t", text) == bare


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 cases rose.",
        "NATO – the alliance – met.",
        "EU–UK trade fell.",
        "Apple (AAPL) said it would.",
        "May 3 was a holiday.",
        "IBM: no comment.",
        "Paris (the capital) - rain fell.",
        "Angela Roe (CDU) - once chancellor - spoke.",
        "On May 3 (Monday) the court ruled.",
        "北京11月29日下雪。",
        "中国（北京）在开会。",
        "서울(수도)은 컸다.",
    ],
)
def test_what_only_looks_like_a_dateline_stays(text: str) -> None:
    assert strip_dateline(text) == text


@pytest.mark.parametrize(
    "junk",
    [
        "Photo: Ada Lovelace, Wire.",
        "By Ada Lovelace",
        "(Image: The Wire)",
        "Also read: Ferries are late again.",
        "Sign up for our newsletter!",
        TITLE,
        *NOTICES,
    ],
)
def test_credits_invitations_and_the_title_are_in_no_summary(junk: str) -> None:
    made = summarise(TITLE, f"{junk}\n{FERRY}")
    assert junk not in made
    assert made in {" ".join(FERRY.splitlines()[:n]) for n in range(5)} or made


@pytest.mark.parametrize(
    "news",
    [
        "Corrections officers were hurt on the ferry.",
        "Reporting by Wire showed that the ferry lied.",
        "Written by Ada Roe in 1813, the book on ferries is a classic.",
        "The views expressed by the mayor angered voters.",
        "This report was published by the council in May.",
        "Contact with the ferry was lost at 0345.",
        "Copyright law was changed on Monday.",
        "Advertisements for the ferry will be banned.",
        "Register offices closed on Monday.",
        "Welcome rain fell on the sound.",
        "Thanks to the rain, the fires are out.",
    ],
)
def test_what_only_looks_like_a_notice_stays(news: str) -> None:
    assert summarise("t", f"{news}\nNobody knew.") == f"{news} Nobody knew."


def test_a_notice_in_the_publishers_summary_is_left_out() -> None:
    given_ = "A second ferry will cross the sound from May. Thank you for reading!"
    assert summarise(TITLE, FERRY, given_) == "A second ferry will cross the sound from May."


def test_the_signs_of_a_list_are_no_part_of_a_summary() -> None:
    made = summarise(TITLE, "The ferry has:\n• It runs on batteries.[1]\n- It carries bicycles.")
    assert made == "It runs on batteries. It carries bicycles."


def test_a_beginning_that_trails_off_may_tell_the_news() -> None:
    news = "The council approved a second electric ferry for the sound, the mayor said Sunday..."
    rest = FERRY.partition("\n")[2]
    assert summarise(TITLE, f"{news}\n{rest}", length=200).startswith(news)


def test_a_beginning_that_asks_gives_way_to_what_tells() -> None:
    asks = "What do you get when you cross a sailor with a poet? What if he cannot swim?"
    made = summarise(TITLE, f"{asks}\n{FERRY}", length=200)
    assert "?" not in made
    assert made.startswith("The council approved")


def test_a_beginning_that_names_nobody_gives_way_to_what_does() -> None:
    name = (
        "After three hours on the court, Peter Hansen beat Ivo Lo in four sets to win his first "
        "title, and the town’s first one, too."
    )
    others = (
        "The hall was full.\nIt was the longest final since 2009.\nHe is 24, and ranked No. 31."
    )
    made = summarise("Hansen wins title", f"He won it in the end.\n{name}\n{others}", "", 190)
    assert made.startswith(name)


def test_a_quote_is_taken_whole_or_not_at_all() -> None:
    quote = "“The ferry is late. The council knows it. Nobody says so,” said the captain."
    for length in range(100, 400, 20):
        made = summarise(TITLE, f"{quote}\n{FERRY}", length=length)
        assert (quote in made) or not any(part in made for part in ("is late", "knows", "says so"))


def test_a_quote_that_is_never_closed_is_left_out() -> None:
    assert "“" not in summarise(TITLE, f"“The ferry is approved by the council.\n{FERRY}")


def test_japanese_sentences_are_chosen_whole() -> None:
    first = "大阪・関西万博の会場建設費が当初の見積もりを大きく上回る見通しとなった。"
    text = first + "".join(
        f"これは{n}番目の段落で、ほかの話題についての長い説明が続いている。" for n in range(30)
    )
    made = summarise("大阪万博の建設費が増加", text)
    assert first in made
    assert made.endswith("。")
    assert len(made) <= LENGTH


def test_a_sentence_that_is_too_long_is_passed_over_for_one_that_fits() -> None:
    long = "The council " + "and its many committees " * 20 + "approved the electric ferry."
    assert summarise(TITLE, f"{long}\n{FERRY}") in FERRY.replace("\n", " ")


def test_where_nothing_fits_a_sentence_is_cut_between_words() -> None:
    made = summarise("t", "The word “and” is here, " + "(so they say) word " * 60 + "end.")
    assert made.endswith("…")
    assert is_balanced(made)
    assert len(made) <= LENGTH
    assert summarise("t", "x" * 1_000).endswith("x…")


@pytest.mark.parametrize(
    "given_",
    [
        "Police hold three men after a chase through the harbour",
        "A second ferry will cross the sound from May. It runs on batteries.",
        "大阪の新しい船が来年の春に運航を始める。",
    ],
)
def test_a_good_summary_of_the_publisher_is_taken(given_: str) -> None:
    assert summarise(TITLE, FERRY, given_) == given_


@pytest.mark.parametrize(
    "given_",
    [
        "The council approved a second electric ferry for the…",
        "The council approved a second electric ferry for the [...]",
        "The council approved a second electric ferry for the sound on Monday, at a cost",
        TITLE,
        f"{TITLE}.",
        "Council approves second electric ferry",
        "Comments",
        "Sign up for our newsletter to read more stories of the sound.",
        "“The ferry is late, said nobody at all today.",
    ],
)
def test_a_poor_summary_of_the_publisher_is_not(given_: str) -> None:
    assert summarise(TITLE, FERRY, given_) == summarise(TITLE, FERRY)


def test_a_long_summary_of_the_publisher_is_shown_as_far_as_its_sentences_fit() -> None:
    first = "The town buys a ferry that runs on batteries."
    given_ = f"OSLO (NTB) - {first} " + "It is said to be quiet and clean. " * 20
    made = summarise(TITLE, FERRY, given_, 100)
    assert made == f"{first} It is said to be quiet and clean."


def test_a_story_without_text_keeps_what_there_is_of_a_summary() -> None:
    assert summarise(TITLE, "", "A ferry for the sound…") == "A ferry for the sound…"


_PIECES = (
    "The council",
    "approved a ferry.",
    "“It is quoted. Twice,” he said.",
    "“It is never closed.",
    "(an aside)",
    "‘My Number’ it’s",
    "No. 1 of the U.S.",
    "大阪です。",
    "What now?!",
    "and so on, and on, for quite a while, as such sentences do,",
    '"Straight," she said.',
    "x" * 120,
)
_TEXTS = st.lists(st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join), max_size=5)


@given(_TEXTS, st.integers(100, 1_000))
def test_summaries_keep_to_their_length_and_take_whole_passages(
    lines: list[str], length: int
) -> None:
    told = story(TITLE, "\n".join(lines))
    made = Summariser(length).summarise(told)
    assert len(made) <= length
    assert is_balanced(made)
    found = [one for one in passages(told.paragraphs, TITLE) if one.usable]
    if not any(len(one.text) <= length for one in found):
        return
    rests = {made}  # what is left of it when some passages are taken away, in their order
    for one in found:
        rests |= {
            rest.removeprefix(one.text).lstrip() for rest in rests if rest.startswith(one.text)
        }
    assert "" in rests


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Zl", "Zp"]), min_size=1), max_size=5),
    st.text(max_size=400),
)
def test_no_summary_is_longer_than_it_may_be(lines: list[str], given_: str) -> None:
    assert len(summarise("t", "\n".join(lines), given_)) <= LENGTH


def test_each_feature_has_its_weight_and_the_title_counts() -> None:
    assert set(WEIGHTS) == set(NAMES)
    assert WEIGHTS["title precision"] > 0 > WEIGHTS["late"]


def test_the_method_names_version_and_length() -> None:
    methods = [Summariser(length).method for length in (300, 301, 400)]
    assert all(one != other for one, other in pairwise(methods))
