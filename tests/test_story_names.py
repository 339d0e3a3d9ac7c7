"""The names that a story is about: people, places, organisations, things, and words that recur."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import story

from bot.ingest.topics.candidates import story_names
from bot.ingest.topics.model import NameKind
from bot.model import Story


def forms(of: Story) -> list[str]:
    return [one.form for one in story_names(of)]


def short(of: Story) -> dict[str, tuple[str, ...]]:
    return {one.form: one.short for one in story_names(of)}


NAMED = [
    ("The harbour of Ronsby closes", "Boats left the port of Ronsby on Monday.", "Ronsby"),
    ("Why Grenfell Rail is late again", "The trains of Grenfell Rail were late.", "Grenfell Rail"),
    ("‘Our Bread’ card is no gift", "The ‘Our Bread’ card, say users of it, is dear.", "Our Bread"),
    ("A vote on QRT’s future", "The board of QRT met. It sold QRT in May.", "QRT"),
    ("Costs of 2031 Varna Games rise", "The 2031 Varna Games cost more.", "Varna Games"),
    ("Talks at the Bank of Norland", "The Bank of Norland has met.", "Bank of Norland"),
    ("Ships wait for the Zeta-9 probe", "The Zeta-9 probe is late.", "Zeta-9"),
    ("Стройка у моста", "Мост в городе Ронсби. Жители Ронсби и мэр Ронсби рады.", "Ронсби"),
    ("Un pont à Ronville", "Le maire de Ronville et la ville de Ronville.", "Ronville"),
]


@pytest.mark.parametrize(("title", "text", "name"), NAMED)
def test_what_a_story_names_again_and_again_it_is_about(title: str, text: str, name: str) -> None:
    assert name in forms(story(title, text))


@pytest.mark.parametrize(
    "word",
    [
        "It",
        "Nov",
        "CEO",
        "TOKYO",
        "The",
        "Monday",
        "This",
        "President",
        "Mr",
        "I’m",
        "THIS",
        "News",
        "App",
        "YoY",
    ],
)
def test_what_is_only_written_like_a_name_is_none(word: str) -> None:
    text = f"{word} was seen. Then {word} came, and {word} went. {word} is {word}. So did {word}."
    assert word not in forms(story(f"When {word} came", text, place="TOKYO"))


def test_the_place_of_a_dateline_is_no_name_of_its_stories() -> None:
    told = story("Ronsby waits", "Ronsby is quiet. In Ronsby, Kato Rail runs.", place="RONSBY")
    assert "Ronsby" not in forms(told)


def test_what_is_mentioned_in_passing_is_not_what_a_story_is_about() -> None:
    told = story("Bridge opens", "The bridge is new.\nThe mayor spoke.\nHe had been to Quaxham.")
    assert "Quaxham" not in forms(told)


VARIANTS = [
    (
        "Taro Kanda picks a firm",
        "In May, Mr. Kanda said no to it. Kanda went. Taro Kanda came.",
        "Taro Kanda",
        "kanda",
    ),
    (
        "The Varna Expo costs more",
        "The Expo is dear. The Varna Expo opens in May.",
        "Varna Expo",
        "expo",
    ),
    (
        "The Ministry of Canals decides",
        "The Ministry of Canals (MOC) said so. MOC will dig.",
        "Ministry of Canals",
        "moc",
    ),
    (
        "Ronza Boss Winner Named Tonight At Last",
        "The winner of Ronza Boss is known. Viewers of Ronza Boss chose her.",
        "Ronza Boss",
        "ronza",
    ),
    (
        "Quenby Bridge Opens Again After Months Of Work",
        "Cars cross the Quenby Bridge again. The Quenby Bridge was closed.",
        "Quenby Bridge",
        "quenby",
    ),
    ("QRT sells shares", "QRT is large. QRT grows. QRT Law bans it. QRT waits.", "QRT", "qrt law"),
]


@pytest.mark.parametrize(("title", "text", "name", "variant"), VARIANTS)
def test_the_variants_of_a_name_are_joined(title: str, text: str, name: str, variant: str) -> None:
    assert variant in short(story(title, text))[name]


def test_names_of_companies_lose_their_form_and_people_their_titles() -> None:
    told = story(
        "Sakuma Inc. buys Brell Co.",
        "UK Foreign Secretary Ada Brook met Sakuma Corp. in May. To Ada Brook, Sakuma is"
        " new. Ada Brook said so.",
    )
    assert {"Sakuma", "Brell", "Ada Brook"} <= set(forms(told))


def test_two_people_joined_by_a_hyphen_are_two() -> None:
    told = story(
        "Ada Brook-Bo Lindt wed", "Today Ada Brook and Bo Lindt wed. Ada Brook-Bo Lindt it is."
    )
    assert {"Ada Brook", "Bo Lindt"} <= set(forms(told))


PHRASES = [
    ("New vaccine approved", "The vaccine is safe. A vaccine of this kind is rare.", "Vaccine"),
    (
        "Which cloud services will towns pick?",
        "Cloud services are cheap. Many cloud services fail. Some use cloud services.",
        "Cloud services",
    ),
    (
        "Fines for bicycle riders",
        "Bicycle riders must stop. A bicycle rider was fined. All bicycle riders pay.",
        "Bicycle riders",
    ),
    (
        "Norwegian buying of property soars",
        "Norwegians pay. Norwegian buyers of property grow. Norwegian property is dear.",
        "Norwegian property",
    ),
]


@pytest.mark.parametrize(("title", "text", "phrase"), PHRASES)
def test_words_that_recur_are_names_without_capitals(title: str, text: str, phrase: str) -> None:
    named = {one.form: one.kind for one in story_names(story(title, text))}
    assert named.get(phrase) is NameKind.PHRASE


JAPANESE = [
    (
        "北浜万博の建設費が膨らむ",
        "北浜万博の建設費が300億円に膨らんだ。北浜万博は2031年に開く。",
        "北浜万博",
        "建設費が",
    ),
    (
        "マイバスカードの申請終わる",
        "マイバスカードは便利だ。マイバス制度を巡り、マイバスカードの問題が続く。",
        "マイバス",
        "申請",
    ),
    (
        "QRT法の廃止を検討",
        "QRTの社長は、QRT法の廃止を求めた。QRTモバイルも賛成している。",
        "QRT",
        "検討",
    ),
    (
        "山田花子がクラークスに加入",
        "山田花子選手はクラークスと契約した。山田は「うれしい」と話した。山田花子とクラークスは喜ぶ。",
        "山田花子",
        "契約",
    ),
]


BRIEF_JAPANESE = [
    ("QRT、新型バスを発売", "中国の自動車大手QRTは新型を発売した。QRTは好調だ。", "QRT", ""),
    ("QRT法の見直し案", "党はQRT法の見直しを求めた。QRTの社長は歓迎した。", "QRT", ""),
    ("山野半島で地震", "北県山野半島で5日、地震があった。津波の心配はない。", "山野半島", ""),
    ("山田首相、減税を表明", "山田太郎首相は減税を行う。山田首相は語った。", "山田太郎", "山田"),
    ("川田デジタル相が会見", "川田太郎デジタル相は会見した。川田氏は語った。", "川田太郎", "川田"),
    ("川銀、金利を上げる", "川越銀行（川銀）は金利を上げた。", "川銀", "川越银行"),
    ("海務省、介入を示唆", "海務省（MOS）の担当者は介入を示唆した。", "海務省", "mos"),
]


@pytest.mark.parametrize(("title", "text", "name", "short"), BRIEF_JAPANESE)
def test_a_brief_japanese_story_has_its_names(title: str, text: str, name: str, short: str) -> None:
    named = {one.form: one.short for one in story_names(story(title, text))}
    assert name in named
    assert not short or short in named[name]


@pytest.mark.parametrize(
    ("title", "text", "junk"),
    [
        ("二枚の紙を一枚化へ", "二枚の紙の一枚化を急ぐ。一枚化は秋だ。", "一枚化"),
        ("ゼロナス金利を解除", "ゼロナス金利の解除を急ぐ。", "ゼロナス"),
        ("北リーグで優勝", "大リーグの北リーグで優勝した。南リーグも終わった。", "リーグ"),
    ],
)
def test_what_only_stands_in_longer_words_is_no_japanese_name(
    title: str, text: str, junk: str
) -> None:
    assert junk not in forms(story(title, text))


@pytest.mark.parametrize(
    ("title", "text", "name", "junk"),
    [
        (
            "Squad named for La Zorra",
            "The squad for La Zorra left. La Zorra is old.",
            "La Zorra",
            "Zorra",
        ),
        ("Zorcoin falls", "Zorcoin (ZRC) fell on Monday. Traders of ZRC sold.", "Zorcoin", "ZRC"),
        ("IND vs ZL: India win", "India won the match. IND vs ZL goes on.", "India", "IND"),
        ("Flights bring Indians home", "Indians came home. Many Indians wait.", "", "Indians"),
    ],
)
def test_names_are_whole_and_abbreviations_are_theirs(
    title: str, text: str, name: str, junk: str
) -> None:
    named = forms(story(title, text))
    assert not name or name in named
    assert junk not in named


def test_a_country_has_one_name_however_it_is_written() -> None:
    for form in ("US", "U.S.", "USA"):
        told = story(f"{form} exports fall", f"Exports of the {form} fell. The {form} sells less.")
        assert [one.key for one in story_names(told) if one.key == "us"]


def test_the_publisher_behind_a_headline_is_no_name() -> None:
    title, url = "Zorla phone leaks again - Zorzine.com news", "https://www.zorzine.example/a"
    assert "Zorzine.com" not in forms(story(title, "", url=url))
    assert "Zorla" in forms(story("Why the phones of Zorla sell - Zorla", "Zorla sells.", url=url))


@pytest.mark.parametrize(("title", "text", "name", "other"), JAPANESE)
def test_japanese_names_are_known_by_their_characters(
    title: str, text: str, name: str, other: str
) -> None:
    named = forms(story(title, text))
    assert name in named
    assert other not in named


def test_categories_come_first_but_for_those_that_say_nothing() -> None:
    given = ("Rail", "Uncategorized", "2024", "news", "https://example.org/x", "rails", "x" * 60)
    told = story("Tram opens in Ronsby", "The tram of Ronsby.", categories=given)
    first, *others = story_names(told)
    assert (first.form, first.kind) == ("Rail", NameKind.CATEGORY)
    assert all(one.kind is not NameKind.CATEGORY for one in others)


@given(st.text(max_size=300), st.text(max_size=600))
def test_any_text_has_a_few_names_with_keys_each_once(title: str, text: str) -> None:
    named = story_names(story(title or "x", text, categories=(title[:50],)))
    keys = [one.key for one in named]
    assert len(keys) == len(set(keys)) <= 11
    assert all(keys)
    assert all(one.form.strip() for one in named)
