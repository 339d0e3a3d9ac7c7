from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.balance import is_balanced
from bot.text.sentences import join_sentences, sentences


@pytest.mark.parametrize(
    "text",
    [
        "He came on Nov. 28, 2023.| It rained.",
        "The Diet meets on Jan. 26.| Its vote is due in Feb. 2024.",
        "Services of U.S. firms.| The jury is out.",
        "It was sold to the U.S.| The price is not known.",
        "It opened at 9 a.m. Tokyo time.| Nobody came.",
        "Kosaido Co. of Tokyo bought it.",
        "It was made by Kosaido Co.| The firm is old.",
        "Aso Co.’s shares fell.| Nobody sold.",
        "Ranked No. 2 by Dr. J. R. Smith Jr. of St. Ives.",
        "It rose from No. 3 to No. 1.| Then it fell.",
        "She said no.| He left.",
        "It costs $1.6 billion.| That is 0.5 percent.",
        "What?!?!?!| Now????",
        "Baseball, soccer, golf..| Any sport has rules.",
        "“It is late.”| She left (at ten.)| Then it rained…| Really.",
        "‘It is late.’| ‘So we go.’",
        "He said: “No.”| “Yes,” said she.",
        "It rose 1.5 percent to 3.2.| Nobody cared.",
        "No full stop at the end",
        "会場は大阪です。|費用は高い。",
        "「行きます。」|彼は言った！|なぜ？",
        "Visit example.org today.| It is free.",
        "Read Node.js and Booking.Com reviews.| They help.",
        "The union agreed on Monday.|The firm did not.",
        "Mr. Abe v. the state, i.e. Japan.| It lasted.",
        "Prices rose approx. 5 percent.| Wages did not.",
        "A leak at Acme Chem. Co. in Troy hurt nobody.| It was small.",
        "It was seen by the Calif. Dept. of Forestry.| Nobody was hurt in Miami, Fla.| It rained.",
        "He left.| Mr. Day came.",
        "Yahoo! Inc. will pay.| It said so.",
        "It began at 9 a.m.| Nobody came.",
        "It begins at 9 a.m. Eastern time, or 3 p.m. GMT.| All left.",
        "She earned a Ph.D.| The school is old.",
        "1. Rovers won.| 2. United lost.",
        "She turned 60.| 40 guests came.",
        "Es gilt am 17. Dezember.| Der 1. FC Köln gewann im 19. Jahrhundert.| Er ist alt.",
        "Prof. Dr. med. Maier sprach am 31. Dez. 2025 lange.| Es war kalt.",
        "M. Dupont et Mme. Leroy votent.| Le texte passe.",
        "Apple sells phones.| iPhone sales fell.",
        "“Really?” Ms. Lee asked.| “Yes.”",
        "“Is it late?”| She left at once.",
        "「行きます。」と彼は言った。|次の文。",
        "“我们会去。”他说。|下雪了。",
        "वायु खराब है। |स्कूल बंद हैं।",
        "هل تكفي الأموال؟ |يقول الخبراء نعم.",
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str) -> None:
    expected = [part.strip() for part in text.split("|")]
    assert sentences(text.replace("|", "")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "会場は大阪。費用は高い。",
        "It rained. He left.",
        "「行く。」（東京）次。",
        "太贵了！ Yes. はい。",
    ],
)
def test_sentences_are_joined_as_their_script_writes_them(text: str) -> None:
    assert join_sentences(sentences(text)) == text.replace("！ ", "！")


@given(st.text(alphabet=st.sampled_from("ab. !?A”。\n…"), max_size=60))
def test_no_letter_is_lost_between_sentences(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "It’s the firm’s.",
        "“Yes,” he said (twice).",
        "‘My Number’ cards of the ‘90s",
        "„Ja“, sagte er.",
        "»Ja«, sagte er.",
        "「大阪（万博）」です",
        '"Yes," she said.',
        "The companies’ [own] view",
    ],
)
def test_quotes_and_brackets_that_close_are_balanced(text: str) -> None:
    assert is_balanced(text)


@pytest.mark.parametrize(
    "text",
    [
        "“Yes, he said.",
        "Yes,” he said.",
        "(a [b) c]",
        "a)",
        '"Yes, she said.',
        "「大阪",
        "‘Yes, we do",
        "«Oui",
    ],
)
def test_quotes_and_brackets_left_open_are_not(text: str) -> None:
    assert not is_balanced(text)
