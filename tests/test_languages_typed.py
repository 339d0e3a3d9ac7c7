"""What people type in the languages of the catalogues: small talk, numbers, and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.chat.phrases import LAST, Intent, phrase_book
from bot.dates import ago, clock_text, day_of_week_and_month, join_day_and_time, until
from bot.i18n import load
from bot.subscriptions.timetable_grammar import parse_timetable
from bot.subscriptions.timetable_lexicon import timetable_lexicon

INTENTS = {
    "ja": {
        Intent.HELLO: "こんにちは　こんばんは！　おはようございます。　はじめまして",
        Intent.THANKS: "ありがとう　ありがとうございます！　どうもありがとう　助かりました",
        Intent.GOODBYE: "さようなら　おやすみなさい　またね　お疲れさまです",
        Intent.NEWS: (
            "新着　新着は？　ニュース　最新　最新のニュース　今日のニュースは？"
            "　何かニュースはある？"
            "　ニュースを見せてください　ニュースお願いします　おすすめは？"
        ),
        Intent.HELP: "ヘルプ　使い方　使い方を教えてください　何ができますか？",
        Intent.STOP: "やめて　止めてください　もういいです　配信停止",
        Intent.NEXT: "次　次のページ　もっと見せて　続き",
        Intent.PREVIOUS: "戻る　前のページ",
        Intent.MENU: "メニュー　あなたは誰ですか？　ボットですか",
        Intent.OPINION: "了解　なるほど　いいですね！　分かりました",
    },
    "de": {
        Intent.HELLO: "Hallo　Guten Morgen!　Moin　Wie geht's?",
        Intent.THANKS: "Danke　Vielen Dank!　danke schön",
        Intent.GOODBYE: "Tschüss　Auf Wiedersehen!　gute Nacht",
        Intent.NEWS: "Nachrichten　Was gibt's Neues?　bitte Nachrichten　Schlagzeilen",
        Intent.HELP: "Hilfe　Was kannst du?　Wie funktioniert das?",
        Intent.STOP: "hör auf　Keine Nachrichten mehr!　alles abbestellen",
        Intent.NEXT: "weiter　nächste Seite　mehr",
        Intent.PREVIOUS: "zurück　vorige Seite",
        Intent.MENU: "Menü　Wer bist du?",
        Intent.OPINION: "alles klar　super　verstanden",
    },
    "es": {
        Intent.HELLO: "Hola　¡Buenos días!　¿Qué tal?",
        Intent.THANKS: "Gracias　¡Muchas gracias!",
        Intent.GOODBYE: "Adiós　Hasta luego　Buenas noches",
        Intent.NEWS: "Noticias　¿Qué hay de nuevo?　las noticias, por favor",
        Intent.HELP: "Ayuda　¿Cómo funciona?　¿Qué puedes hacer?",
        Intent.STOP: "No más noticias　cancelar　déjame en paz",
        Intent.NEXT: "siguiente　más　ver más",
        Intent.PREVIOUS: "atrás　página anterior",
        Intent.MENU: "Menú　¿Quién eres?",
        Intent.OPINION: "vale　perfecto　de acuerdo",
    },
}
SAID = [
    (language, line, intent)
    for language, intents in INTENTS.items()
    for intent, lines in intents.items()
    for line in lines.split("　")
]


@pytest.mark.parametrize(("language", "line", "intent"), SAID)
def test_small_talk_is_understood(language: str, line: str, intent: Intent) -> None:
    assert phrase_book(load(language)).intent(line) is intent


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ja", "新着陸"),
        ("ja", "ニュースキャスター"),
        ("ja", "前橋"),
        ("ja", "大阪万博のニュース"),
        ("de", "Nachrichtendienst"),
        ("de", "weiter unten"),
        ("es", "más allá"),
        ("es", "ver mar"),
    ],
)
def test_what_only_begins_so_is_searched_for(language: str, line: str) -> None:
    assert phrase_book(load(language)).intent(line) is None


@pytest.mark.parametrize(
    ("language", "line", "bare", "to_read"),
    [
        ("ja", "3番", 3, None),
        ("ja", "３番目", 3, None),
        ("ja", "3番を読む", None, 3),
        ("ja", "12番を開いて", None, 12),
        ("ja", "2つ目を読んで", None, 2),
        ("ja", "5を読む", None, 5),
        ("ja", "最初の記事", 1, None),
        ("ja", "二つ目", 2, None),
        ("ja", "最後", LAST, None),
        ("ja", "10件", None, None),
        ("ja", "2026年", None, None),
        ("ja", "3番線", None, None),
        ("de", "die dritte", 3, None),
        ("de", "lies die zweite", None, 2),
        ("de", "zeig mir 4", None, 4),
        ("de", "letzte", LAST, None),
        ("de", "vier Jahreszeiten", None, None),
        ("es", "la tercera", 3, None),
        ("es", "lee la segunda", None, 2),
        ("es", "última", LAST, None),
    ],
)
def test_stories_are_named_by_number(
    language: str, line: str, bare: int | None, to_read: int | None
) -> None:
    book = phrase_book(load(language))
    assert (book.bare_number(line), book.number_to_read(line)) == (bare, to_read)


TIMES = {
    "ja": {
        "毎日8時": "daily 08:00",
        "毎日８時３０分": "daily 08:30",
        "毎朝7時": "daily 07:00",
        "毎晩9時に": "daily 21:00",
        "午後8時半": "daily 20:30",
        "夜12時": "daily 00:00",
        "毎日8時と18時": "daily 08:00 18:00",
        "毎日、8時": "daily 08:00",
        "平日9時": "weekdays 09:00",
        "月曜8時": "weekly monday 08:00",
        "毎週金曜 18時30分": "weekly friday 18:30",
        "月曜と木曜 8:00": "weekly monday,thursday 08:00",
        "月曜から金曜9時": "weekdays 09:00",
        "土日 10時": "weekends 10:00",
        "2時間ごと": "every 2 hours",
        "毎時": "hourly",
        "毎月1日9時": "monthly 1st 09:00",
        "毎月末": "monthly 31st 08:00",
        "すぐに": "at once",
        "1日2回": "daily 08:00 18:00",
        "毎日": "daily 08:00",
        "daily 8:00": "daily 08:00",
    },
    "de": {
        "täglich 8 Uhr": "daily 08:00",
        "werktags 9:00": "weekdays 09:00",
        "montags": "weekly monday 08:00",
        "montags um 9": "weekly monday 09:00",
        "täglich um 8 und 18 Uhr": "daily 08:00 18:00",
        "mo, do 8:00": "weekly monday,thursday 08:00",
        "alle 2 Stunden": "every 2 hours",
        "am Wochenende 10 Uhr": "weekends 10:00",
        "stündlich": "hourly",
        "sofort": "at once",
        "zweimal am Tag": "daily 08:00 18:00",
    },
    "es": {
        "diario 8:00": "daily 08:00",
        "todos los días a las 8 y 18": "daily 08:00 18:00",
        "los lunes a las 9": "weekly monday 09:00",
        "entre semana 9:00": "weekdays 09:00",
        "de lunes a viernes 8:00": "weekdays 08:00",
        "cada 2 horas": "every 2 hours",
        "al momento": "at once",
        "fines de semana a las 10": "weekends 10:00",
    },
}


@pytest.mark.parametrize(
    ("language", "line", "when"),
    [(language, *pair) for language, times in TIMES.items() for pair in times.items()],
)
def test_times_are_read(language: str, line: str, when: str) -> None:
    english = timetable_lexicon(load(language)).english(line).text
    assert str(parse_timetable(english)) == when


@pytest.mark.parametrize(
    "line",
    [
        "毎日新聞",
        "朝日新聞",
        "8時のニュース",
        "夜間飛行",
        "ひとりごと",
        "時計",
        "24時間テレビ",
        "月曜日のたわわ",
    ],
)
def test_a_run_that_only_holds_such_words_stays_as_it_is(line: str) -> None:
    assert timetable_lexicon(load("ja")).english(f"電池 {line}").text == f"電池 {line}"


@pytest.mark.parametrize("line", ["毎日25時", "毎月0日", "毎日8時75分"])
def test_a_time_that_is_none_is_no_time(line: str) -> None:
    assert parse_timetable(timetable_lexicon(load("ja")).english(line).text) is None


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Tue, Nov 24, 08:00"),
        ("de", "Di., 24. Nov., 08:00"),
        ("es", "mar, 24 nov, 08:00"),
        ("ja", "11月24日（火）08:00"),
    ],
)
def test_a_day_and_a_time_are_told_as_the_language_does(language: str, told: str) -> None:
    day = day_of_week_and_month(date(2026, 11, 24), language)
    assert join_day_and_time(day, clock_text(time(8)), language) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["3 hours ago", "in 5 minutes"]),
        ("de", ["vor 3 Stunden", "in 5 Minuten"]),
        ("es", ["hace 3 horas", "dentro de 5 minutos"]),
        ("ja", ["3時間前", "5分後"]),
    ],
)
def test_how_long_ago_is_told_as_the_language_does(language: str, told: list[str]) -> None:
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    past, future = now - timedelta(hours=3), now + timedelta(minutes=5)
    assert [ago(past, now, language), until(future, now, language)] == told
