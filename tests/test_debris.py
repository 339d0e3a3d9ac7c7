"""What publishing systems add to stories, and readers never see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import story

from bot.ingest.debris import strip_debris
from bot.ingest.story_cleaning import StoryCleaner
from bot.model import Paragraph, Source, Story

FEED = Source("bay", "Bay News", "feed", timedelta(minutes=15))
TITLE = "Cranes sold at last"
NEWS = "The cranes were sold today. They are very old and everybody loved them."


def cleaned(*paragraphs: str, title: str = TITLE, byline: str = "") -> list[str]:
    found = strip_debris([Paragraph(text) for text in paragraphs], title, byline)
    return [one.text for one in found]


def as_read(one: Story) -> Story:
    return StoryCleaner(FEED).clean(one)


ENDINGS = [
    f"The post {TITLE} appeared first on Bay News.",
    "The post Cranes sold at… appeared first on Bay News.",
    f"The article {TITLE} first appeared on bay.example.",
    "This article was originally published by The Bay Gazette. Read it there.",
    f"Der Beitrag {TITLE} erschien zuerst auf Küstenblatt.",
    f"L’article {TITLE} est apparu en premier sur La Baie.",
    f"La entrada {TITLE} se publicó primero en La Bahía.",
    f"L'articolo {TITLE} proviene da La Baia.",
    f"O post {TITLE} apareceu primeiro em A Baía.",
    f"Het bericht {TITLE} verscheen eerst op De Baai.",
    f"Artykuł {TITLE} pochodzi z serwisu Zatoka.",
    f"Continue reading {TITLE} →",
    "View article",
    "Go to the full story",
    "Full article →",
    "Originally published at https://bay.example on November 20, 2026.",
    "Originally posted on Bay Gazette.",
    f"《{TITLE}》最先出现在海湾报。",
    "Continue reading →",
    "Continue reading Cranes sold",
    "Continue reading on Medium »",
    "Continue reading at bay.example",
    "Read more...",
    "Read More",
    "Read more »",
    "(more…)",
    "(mehr …)",
    "(Leggi tutto...)",
    "(続きを読む…)",
    "Click here to read more",
    "Click here to see the full story.",
    "Read full article at The Bay",
    "Read more in The Old Town Gazette.",
    "[Read more]",
    "Read the full story",
    "Read the full article at bay.example.",
    f"Read more about {TITLE}",
    "Learn more",
    "Weiterlesen →",
    "Lire la suite…",
    "Leer más »",
    "Leggi tutto",
    "Lees verder",
    "Czytaj dalej »",
    "Читать далее…",
    "Läs mer",
    "続きを読む",
    "阅读全文 »",
    "더 보기",
    "submitted by /u/ann [link] [comments]",
    "submitted by /u/[deleted] [link] [comments]",
    "submitted by /u/ann-b to r/harbour [link] [comments]",
    "Article URL: https://e.org/a Comments URL: https://e.org/b Points: 5 # Comments: 3",
    "Hosted on Acast. See acast.com/privacy for more information.",
    "See acast.com/privacy for privacy and opt-out information.",
    "Learn more about your ad choices. Visit megaphone.fm/adchoices",
    "See omnystudio.com/listener for privacy information.",
    "See Privacy Policy at https://art19.com/privacy and California Privacy Notice at https://e.org",
    "Get full access to Bay Letters at bay.substack.com/subscribe",
    "3 posts - 2 participants Read full topic",
    "ann Fri, 11/20/2026 - 10:00",
]


@pytest.mark.parametrize("debris", ENDINGS)
def test_endings_go_as_paragraphs_and_behind_a_sentence(debris: str) -> None:
    assert cleaned(NEWS, debris) == [NEWS]
    assert cleaned(f"{NEWS} {debris}") == [NEWS]
    assert cleaned("Cranes, first.", NEWS, debris) == ["Cranes, first.", NEWS]


@pytest.mark.parametrize("debris", ENDINGS)
def test_a_summary_and_a_text_are_cleaned_alike(debris: str) -> None:
    one = story(TITLE, f"{NEWS}\n{debris}")
    plain = as_read(replace(one, summary=f"{NEWS} {debris}"))
    assert (plain.summary, plain.text) == (NEWS, NEWS)
    other = as_read(replace(one, summary=f"A letter. {debris}"))
    assert (other.summary, other.text) == ("A letter.", NEWS)


@pytest.mark.parametrize(
    "module",
    [
        "Thanks for reading! Subscribe for free to receive new posts and support my work.",
        "Thanks for reading Bay Letters! This post is public so feel free to share it.",
        (
            "Bay Letters is a reader-supported publication. To receive new posts and support my "
            "work, consider becoming a free or paid subscriber."
        ),
        "Subscribe now",
        "Leave a comment",
        "Share",
        "Share this:",
        "Like Loading...",
        "Click to share on X (Opens in new window) X",
        (
            "Cranes was originally published in Bay on Medium, where people are continuing the "
            "conversation by highlighting and responding to this story."
        ),
    ],
)
def test_invitations_within_a_text_go(module: str) -> None:
    assert cleaned("Cranes, first.", module, "Cranes, last.") == ["Cranes, first.", "Cranes, last."]
    assert cleaned("Cranes, first.", module) == ["Cranes, first."]


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        (f"{TITLE} - Bay Gazette", [f"{TITLE} Bay Gazette"]),
        (TITLE, [TITLE]),
        (TITLE, [f"{TITLE}."]),
        (TITLE, ["| submitted by /u/ann [link] [comments]"]),
        (TITLE, ["Comments"]),
        (TITLE, ["[link]"]),
        ("Ask the harbour: why?", ["Ask the harbour – why?", "Comments"]),
    ],
)
def test_texts_that_say_nothing_are_empty(title: str, texts: list[str]) -> None:
    one = as_read(story(title, "\n".join(texts), summary=" ".join(texts)))
    assert (one.summary, one.text) == ("", "")


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        (f"{TITLE} {NEWS}", None),
        (f"{TITLE}. {NEWS}", ""),
        (f"{TITLE.upper()}! {NEWS}", ""),
        (f"{TITLE} ann Fri, 11/20/2026 - 10:00 {NEWS}", ""),
        (f"{TITLE} Ann Lee Fri, 20.11.2026 - 10:00 {NEWS}", ""),
        (f"{TITLE} annFri, 11/20/2026 - 10:00{NEWS}", ""),
        (f"ann Fri, 11/20/2026 - 10:00 {NEWS}", ""),
        (f"Ann Lee Fri, 11/20/2026 - 10:00 {NEWS}", "Ann Lee"),
        (f"Submitted by Ann Lee on Fri, 11/20/2026 - 10:00 {NEWS}", ""),
    ],
)
def test_the_title_and_author_and_date_before_a_text_go(text: str, byline: str | None) -> None:
    if byline is None:  # nothing parts the title from what follows: it may be its subject
        assert cleaned(text) == [text]
    else:
        assert cleaned(text, byline=byline) == [NEWS]
        assert cleaned(text.removesuffix(NEWS), NEWS, byline=byline) == [NEWS]


@pytest.mark.parametrize("mark", ["[…]", "[...]", "(…)", "(...)"])
def test_a_text_that_was_cut_off_ends_in_an_ellipsis(mark: str) -> None:
    assert cleaned(f"The cranes were {mark}") == ["The cranes were…"]


@pytest.mark.parametrize(
    "text",
    [
        NEWS,
        "Children should read more.",
        "Read more books, says the minister; the library is free on Sundays in the whole county.",
        "She asked them to continue reading the will, and they did.",
        "The post office appeared first on the list of closures.",
        "The comments of the mayor were not kind.",
        "Cranes sold at last year's fair were counted again.",
        "Ann Lee won on Friday.",
        "The council meets on Fri, 11/20/2026 - 10:00",
        "Fri, 11/20/2026 - 10:00 The council meets.",
        "Subscribe now or lose your seat: the theatre's offer has drawn complaints.",
        "Share prices fell.",
        "He scored 12 points: 5 in the first half.",
        "TOKYO — The cranes were sold.",
        "Learn more than they teach you, the old man said, and you will be free.",
    ],
)
def test_news_stays(text: str) -> None:
    assert cleaned(text) == [text]
    assert cleaned(text, NEWS) == [text, NEWS]
    assert cleaned(NEWS, text) == [NEWS, text]


def test_a_source_that_is_no_feed_is_left_as_it_is() -> None:
    archive = Source("old", "Old", "archive", timedelta(minutes=15))
    one = story(TITLE, f"{TITLE}.\n{NEWS}\nRead more...")
    assert StoryCleaner(archive).clean(one) == one


WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=12)


@given(st.lists(WORDS.map(" ".join), max_size=6), WORDS.map(" ".join))
def test_plain_words_stay_but_for_the_title(texts: list[str], title: str) -> None:
    kept = cleaned(*texts, title=title)
    assert kept == texts or texts[0].startswith(title)


@given(st.lists(st.text(max_size=300), max_size=6), st.text(max_size=60))
def test_cleaning_takes_away_and_adds_nothing_and_is_done_once(
    texts: list[str], title: str
) -> None:
    given_texts = [" ".join(text.split()) for text in texts]
    kept = cleaned(*filter(None, given_texts), title=title)
    assert sum(map(len, kept)) <= sum(map(len, given_texts))
    assert cleaned(*kept, title=title) == kept


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE} – {NEWS}",
        f"{TITLE}: {NEWS}",
        f"Normal 0 false false false EN-US X-NONE X-NONE {NEWS}",
        f"Normal 0 21 false false DE X-NONE {NEWS}",
        f"Normal 0 false false false EN-US X-NONE X-NONE MicrosoftInternetExplorer4 {NEWS}",
    ],
)
def test_what_stands_before_a_text_is_left_out(text: str) -> None:
    assert cleaned(text) == [NEWS]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{TITLE} Bay Gazette", []),
        (f"• {TITLE} The Bay Gazette", []),
        (f"{TITLE} BBC.com", []),
        (f"{TITLE} 海湾日报", []),
        (f"{TITLE} bay-news.example", []),
        (f"{TITLE} Küstenblatt - kueste.example", []),
        (f"{TITLE} The Bay | Gazette", []),
        (f"{TITLE} to museum.example", [f"{TITLE} to museum.example"]),
        (f"{TITLE} to a museum", [f"{TITLE} to a museum"]),
        (f"{TITLE} Mayor says.", [f"{TITLE} Mayor says."]),
        (f"{TITLE}: to a museum", ["to a museum"]),
    ],
)
def test_a_publisher_behind_a_repeated_title_is_no_text(text: str, kept: list[str]) -> None:
    assert cleaned(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Originally published in 1984, the novel tells of a town by the sea.",
        "Normal service was restored at noon, and 0 trains are late.",
        "The full story is told in a book.",
        "Click here to see the list of all cranes",
        "Whoever wants to know more (or less) may ask.",
        "Learn more in school, he told them",
        "He wants to see the whole text",
    ],
)
def test_sentences_that_begin_alike_are_news(text: str) -> None:
    assert cleaned(text) == [text]


@pytest.mark.parametrize(
    "text", ["Filed under: News, Harbour", "Tags: cranes, quay", "Sent from my iPhone"]
)
def test_what_is_filed_under_which_name_is_no_part_of_a_text(text: str) -> None:
    assert cleaned(NEWS, text) == cleaned(text, NEWS) == [NEWS]
