"""Tells names of places and people from prose, and agencies from places."""

from __future__ import annotations

import re

from adapters.sources.archive.text.printed_dates import DATE, PrintedDate, parse_printed_date

# Words that are written small inside the name of a place or a person.
_LOWERCASE_WORDS = frozenset(
    "aboard al am an and at bei da das de del della den der des di do dos du e el en for in la las "
    "le les los near of off sur the to upon van von y".split()
)
# Agencies whose credit stands in datelines; others are told by their last word, or by capitals.
_AGENCIES = frozenset(
    "aap afp ani ansa ap apa belga bernama bloomberg bns bta cna cnn cns cp ctk dpa efe hina ians "
    "interfax itar-tass jiji kyodo lusa mti nhk ntb npr pa pap pti reuters reuter rns ria "
    "rtt tass tt upi xinhua yonhap anp ats apd unb bss app nna spa wam petra kuna bna qna map tap "
    "aps "
    "共同 時事 ロイター 新華社 연합뉴스".split()
)
_AGENCY_WORDS = frozenset("agency bureau news press service wire wires newswire".split())
_MAX_ACRONYM = 5
_EASTERN_CREDIT = re.compile(r"(?:[=＝].{0,40}|(?:共同|時事|ロイター|新華社|AFP|AP)(?:通信)?)$")
_BRACKETED_DATE = re.compile(rf"[,、，＝= ]{{0,5}}(?P<date>{DATE})", re.IGNORECASE)
_DAY_AT_END = re.compile(r"[ 　]{0,3}\d{1,2} ?日$")  # `［東京 2日 ロイター］`
_WORDS = re.compile(r"[^\s,、，/&;]+")


def is_name(text: str) -> bool:
    """Returns True for what may name a place or a person: lower-case words only link others."""
    words = _WORDS.findall(text)
    return text.lstrip("'‘’")[:1].isalpha() and all(
        not word.islower() or word in _LOWERCASE_WORDS for word in words
    )


def is_upper_case(place: str) -> bool:
    """Returns True for a place in capitals, or in a script that has none."""
    names = [
        word for word in place.split(",", maxsplit=1)[0].split() if word not in _LOWERCASE_WORDS
    ]
    return bool(names) and all(word == word.upper() for word in names)


def is_agency(credit: str) -> bool:
    """Returns True for what names a news agency, not a part of a place such as `Minn.`."""
    words = _WORDS.findall(credit)
    is_acronym = len(words) == 1 and words[0].isupper() and len(words[0]) <= _MAX_ACRONYM
    return is_known_agency(credit) or is_acronym


def is_known_agency(credit: str) -> bool:
    """Returns True for an agency's own name; capitals alone may as well be a place's."""
    words = [word.strip(".").casefold() for word in _WORDS.findall(credit)]
    return any(word in _AGENCIES for word in words) or (bool(words) and words[-1] in _AGENCY_WORDS)


def split_credit(inside: str) -> tuple[str, PrintedDate | None]:
    """Splits what stands in brackets into the place and the date; a credit goes."""
    text = inside.strip()
    credit = _EASTERN_CREDIT.search(text)
    text = text[: credit.start()].strip() if credit else text
    # What stands in brackets is short: trying each place takes no time.
    tried = (_BRACKETED_DATE.fullmatch(text, at) for at in range(len(text)))
    found = next(filter(None, tried), None)
    if found is None:
        return _DAY_AT_END.sub("", text).strip(" ,、，"), None
    return text[: found.start()].strip(" ,、，"), parse_printed_date(found["date"])
