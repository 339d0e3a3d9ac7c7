"""Datelines that feeds leave in the text: the place, the date and the agency before the story."""

from __future__ import annotations

import re

_UPPER = "A-ZÀ-ÖØ-ÞĆČĐŁŃŘŚŠŞĞİŻŹŽΑ-ΩЁЄІЇҐА-Я"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = rf"(?:(?:[A-Z][a-z]+day,? )?(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?)"
# In other languages a month is any word, where an agency stands behind it.
_ANY_DATE = r"\d{1,2}\.?(?: de)? [^\W\d_]{3,10}\.?(?:,?(?: de)? \d{4}| г\.)?"
_NAME = rf"[{_UPPER}][\w.’'-]*"
_PLACE = rf"{_NAME}(?:[ /]{_NAME}){{0,3}}(?: [\[(]{_NAME}[\])]){{0,2}}"
_CAPITALS = (
    rf"(?:(?:[{_UPPER}]{{2,3}}|ST\.|St\.)[ ])?[{_UPPER}][{_UPPER}.’'-]{{2,}}[{_UPPER}.]"
    rf"(?:[ /][{_UPPER}][{_UPPER}.’'-]+){{0,3}}"
)
_MARK = (
    r"(?:\((?:[A-Za-z][\w.-]*|[^\W\da-z_][\w.-]*)(?:[ /&]{1,3}[\w.’'-]+){0,3}\)|/[^\W\d_]{2,12}/)"
)
_AGENCY = r"\((?:[A-Z]{2,6}|Reuters|Bloomberg)\)"
_ANY_AGENCY = r"\((?:[A-Z]{2,6}|[A-Z]\w+(?: [A-Z]\w+){0,3})\)"
_DASH = r"(?:\s*(?:--|—|―)\s*|\s+[-–_|]\s+)"
_TIGHT_DASH = r"\s*(?:--|\.?[-–—―_:]|\.(?=\s))\s*"
_BEGINS = r"(?=[\"“„«‘'(\[]?[^\W_a-zß-öø-ÿа-яё])"
# `(Eds: Adds quotes) By Ada Lovelace and Grace Hopper LONDON (Reuters) - `
_BY = (
    r"(?:\([A-Z][a-z]+: [^()]{1,80}\) )?"
    rf"(?:By (?:{_NAME} ){{2,6}}?(?:and (?:{_NAME} ){{2,5}}?)?)?"
)

# Each needs something that no sentence begins with: an agency in brackets, a date and a dash, or a
# place in capitals and a dash. `COVID-19 cases` and `NATO – the alliance –` are none.
_DATELINE = re.compile(
    rf"(?:{_BY}(?:{_PLACE}(?:, {_PLACE})?[,.]? )?(?:(?:{_DATE}|{_ANY_DATE}),? ?)?"
    rf"{_MARK}{_TIGHT_DASH}"
    rf"|{_BY}(?:{_PLACE}(?:, {_PLACE})?, ?)?{_DATE},? ?{_MARK}\s*"
    rf"|(?:{_PLACE}(?:, {_PLACE})?, ?)?{_DATE}{_TIGHT_DASH}"
    rf"|{_CAPITALS}(?:, {_PLACE}|, {_DATE})?(?:{_DASH}|:\s+)"
    rf"|{_CAPITALS}, \d{{1,2}}\.? {_MARK}\s*"
    rf"|{_AGENCY}\s*"
    # `МОСКВА, 29 ноя — РИА Новости. `, `Москва. 29 ноября. INTERFAX.RU - `
    rf"|{_NAME}[,.] {_ANY_DATE}(?: — {_NAME}(?: {_NAME})?\.\s|\.? [A-Z.]{{4,20}}{_DASH})"
    rf"){_BEGINS}"
)
# An agency may stand behind the dash, or before the place: `OSLO — (Wire News Service) `,
# `(ANSA) - ROMA, 29 NOV - `.
_MARK_BEHIND = re.compile(
    rf"(?:{_ANY_AGENCY}\s*(?:(?:--|[-–—:])\s*)?|{_CAPITALS}, \d{{1,2}} [A-Z]{{3,9}}{_DASH})"
    rf"{_BEGINS}"
)
_JOURNALIST = r"(?:[^\s=]{2,5}(?:[·,]\s?[^\s=]{2,5})? (?:기자|특파원|통신원)\s?=\s*)?"
_UNSPACED = re.compile(
    # `【大阪】`, `［東京 29日 ロイター］ - `, `（東京＝共同）`, `(서울=연합뉴스) 김철수 기자 = `
    rf"[【［][^】］]{{1,24}}[】］]\s*(?:[-–—]\s)?{_JOURNALIST}"
    r"|\[(?:앵커|기자|리포트)\]\s*"
    r"|\[[^\]]{1,12}\d{1,2}日[^\]]{1,12}\]\s*(?:[-–—]\s)?"
    rf"|[（(\[]?[^\W\d_A-Za-z]{{1,10}}[=＝][^）)\]\s]{{1,12}}[）)\]]\s*{_JOURNALIST}"
    # `新华社北京11月29日电（记者王明）`, `（中央社記者王明台北29日電）`
    r"|[（(]?[^\W\d_A-Za-z]{2,20}(?:\d{1,2}月)?\d{1,2}日[电電][）)]?"
    r"\s*(?:[（(][^（）()]{1,30}[）)])?\s*"
    # `東京（AP通信）— `, `القاهرة (رويترز) - `, `नई दिल्ली, 29 नवंबर (भाषा) `
    r"|[^\W\d_A-Za-z]{1,10}（[^）]{1,12}）\s*[-–—―]\s*"
    r"|(?:[֐-ۿऀ-෿]{2,16} ?){1,3}(?:(?:, \d{1,2} [֐-ۿऀ-෿]{2,12}) ?\([^)]{2,16}\)(?:\s*[-–—:])?"
    r"|\([֐-ۿऀ-෿ ]{2,20}\)\s*[-–—:])\s*"
)


def strip_dateline(text: str) -> str:
    """Strips a dateline from the beginning of a text: `ROME, May 3 (Reuters) - `, `【大阪】`."""
    match = _DATELINE.match(text)
    if match:
        behind = _MARK_BEHIND.match(text, match.end())
        return text[(behind or match).end() :]
    match = _UNSPACED.match(text)
    return text[match.end() :] if match else text
