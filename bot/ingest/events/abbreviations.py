"""Abbreviations of headlines: `GM` and `General Motors` become one word, `Calif.` and `California`.

Only what one headline writes out and the next one shortens is here. Case tells an abbreviation from
a word: `WHO` and `who`, `Pa.` and `pa`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

# A line for each name: the word that stands for it, and how it is written otherwise.
_NAMES = """
    BoE = Bank of England | BOE
    BoJ = Bank of Japan | BOJ
    ECB = European Central Bank
    RBI = Reserve Bank of India
    Fed = Federal Reserve
    IMF = International Monetary Fund
    OECD = Organisation for Economic Co-operation and Development
    WHO = World Health Organization | World Health Organisation
    WTO = World Trade Organization | World Trade Organisation
    UN = United Nations | U.N.
    EU = European Union | E.U.
    UK = United Kingdom | U.K.
    UAE = United Arab Emirates
    NATO = Nato
    DOJ = Justice Department | Department of Justice
    NSA = National Security Agency
    NHTSA = National Highway Traffic Safety Administration
    SEC = Securities and Exchange Commission
    FTC = Federal Trade Commission
    FCC = Federal Communications Commission
    FDA = Food and Drug Administration
    CDC = Centers for Disease Control and Prevention | Centers for Disease Control
    SCOTUS = Supreme Court
    GOP = Republican Party
    GM = General Motors
    FX = forex | Forex | foreign exchange | Foreign Exchange | foreign-exchange
    PM = prime minister | Prime Minister
    EV = electric vehicle | electric car
    AI = artificial intelligence | Artificial Intelligence
    Q1 = 1Q | first quarter | first-quarter | First Quarter | First-Quarter | 1st quarter
    Q2 = 2Q | second quarter | second-quarter | Second Quarter | Second-Quarter | 2nd quarter
    Q3 = 3Q | third quarter | third-quarter | Third Quarter | Third-Quarter | 3rd quarter
    Q4 = 4Q | fourth quarter | fourth-quarter | Fourth Quarter | Fourth-Quarter | 4th quarter
    GE = General Electric
    IBM = International Business Machines
    BofA = Bank of America
    JPMorgan = JP Morgan | J.P. Morgan
    CEO = chief executive officer | Chief Executive Officer | chief executive | Chief Executive
    IPO = initial public offering | Initial Public Offering
    GDP = gross domestic product | Gross Domestic Product
    bankruptcy = Chapter 11 bankruptcy | Chapter 11 | Ch. 11 | Chap. 11 | chapter 11
    WallStreet = Wall Street | Wall St. | Wall St | Wall street
    HongKong = Hong Kong | HK
    NorthKorea = North Korea | N. Korea | N.Korea
    SouthKorea = South Korea | S. Korea | S.Korea
    NorthKorean = North Korean | N. Korean | N.Korean
    SouthKorean = South Korean | S. Korean | S.Korean
    NewYork = New York City | New York | NYC | N.Y.
    NewJersey = New Jersey | N.J.
    NewMexico = New Mexico | N.M.
    NewHampshire = New Hampshire | N.H.
    NorthCarolina = North Carolina | N.C.
    SouthCarolina = South Carolina | S.C.
    NorthDakota = North Dakota | N.D.
    SouthDakota = South Dakota | S.D.
    RhodeIsland = Rhode Island | R.I.
    WestVirginia = West Virginia | W.Va. | W. Va.
    Alabama = Ala.
    Arizona = Ariz.
    Arkansas = Ark.
    California = Calif.
    Colorado = Colo.
    Connecticut = Conn.
    Delaware = Del.
    Florida = Fla.
    Illinois = Ill.
    Indiana = Ind.
    Kansas = Kan.
    Kentucky = Ky.
    Louisiana = La.
    Maryland = Md.
    Massachusetts = Mass.
    Michigan = Mich.
    Minnesota = Minn.
    Mississippi = Miss.
    Missouri = Mo.
    Montana = Mont.
    Nebraska = Neb.
    Nevada = Nev.
    Oklahoma = Okla.
    Oregon = Ore.
    Pennsylvania = Pa.
    Tennessee = Tenn.
    Texas = Tex.
    Vermont = Vt.
    Virginia = Va.
    Washington = Wash.
    Wisconsin = Wis.
    Wyoming = Wyo.
    Australia = Aust.
"""


def join_names(text: str) -> str:
    """Returns a text with one word for each of the names that have several forms."""
    forms, pattern = _forms()
    return pattern.sub(lambda found: forms[found[0]], text)


@cache
def _forms() -> tuple[dict[str, str], re.Pattern[str]]:
    forms = dict(_read())
    longest_first = sorted(forms, key=len, reverse=True)
    written = "|".join(map(re.escape, longest_first))
    return forms, re.compile(rf"(?<![\w.-])(?:{written})(?!\w)")


def _read() -> Iterator[tuple[str, str]]:
    for line in _NAMES.strip().splitlines():
        word, _, others = line.partition(" = ")
        for other in others.split(" | "):
            yield other.strip(), word.strip()
