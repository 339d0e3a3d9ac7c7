"""The words of time expressions, by their kinds: English and German, folded (no accents).

Those of Spanish are in `spanish_words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, auto


class Kind(IntEnum):
    """Kinds of words. Each goes with a number or a name, as is said here."""

    MONTH = auto()  # 1 to 12
    SHORT_MONTH = auto()  # the same, abbreviated: means one only beside something else
    WEEKDAY = auto()  # 0 (Monday) to 6
    SHORT_WEEKDAY = auto()
    WEEKDAY_OF = auto()  # the same of `fridays strike`; may also be all Fridays
    SURELY_SHORT = auto()  # an abbreviation that is no other word
    UNIT = auto()  # minute, hour, day, week, weekend, month, quarter, year, decade
    NUMBER = auto()
    YEAR = auto()
    DECADE = auto()  # its first year
    ORDINAL = auto()
    TENS = auto()  # before an ordinal: `twenty fourth`
    DATE = auto()  # of digits; its place among the dates that were read
    QUARTER = auto()  # 1 to 4
    SIDE = auto()  # -1 last, 0 this, 1 next
    SIDE_BEHIND = auto()  # the same, behind what it belongs to
    PAST = auto()
    DAY = auto()  # days from today
    PART = auto()  # of a day: the hour at which it begins
    TONIGHT = auto()
    HOLIDAY = auto()  # its month and day, as 1225
    PERSONAL_DAY = auto()  # likewise of one that is told by "day" behind it
    EVE = auto()
    SEASON = auto()  # the month with which it begins
    EDGE = auto()  # 0 early, 1 middle, 2 late
    HALF = auto()
    HALF_YEAR = auto()  # 1 or 2
    AGO = auto()
    VOR = auto()  # before an amount "ago"; in German also "before"
    SINCE = auto()
    AFTER = auto()
    BEFORE = auto()
    UNTIL = auto()
    BETWEEN = auto()
    FROM = auto()
    TO = auto()
    AND = auto()
    OR = auto()
    IN = auto()
    FOR = auto()
    OF = auto()
    THE = auto()
    ARTICLE = auto()  # that only belongs to a time behind a preposition
    ANY_OF = auto()  # couple, few
    MOST = auto()
    NEWEST = auto()
    OLDEST = auto()
    OLD = auto()  # behind "most" the oldest
    FIRST = auto()  # the oldest, or just a word
    RECENT = auto()
    LATELY = auto()
    NOUN = auto()  # story, news
    POSSESSIVE = auto()  # the s of `today's`
    WHAT = auto()
    IS = auto()
    NEW = auto()
    SOMETIME = auto()
    BY = auto()
    SORTED = auto()
    TIME = auto()


UNITS: Mapping[str, str] = {
    "minute": "minute minutes min mins minuten",
    "hour": "hour hours hr hrs h stunde stunden",
    "day": "day days d tag tage tagen tages",
    "week": "week weeks wk wks w woche wochen",
    "fortnight": "fortnight fortnights",
    "weekend": "weekend weekends wochenende",
    "month": "month months mo mos monat monate monaten monats",
    "quarter": "quarter quarters quartal",
    "year": "year years yr yrs y jahr jahre jahren jahres",
    "decade": "decade decades jahrzehnt",
}
VALUES: Mapping[Kind, Mapping[int, str]] = {
    Kind.NUMBER: {
        1: "a an one ein eine einem einer einen",
        2: "two zwei",
        3: "three drei",
        4: "four vier",
        5: "five funf",
        6: "six sechs",
        7: "seven sieben",
        8: "eight acht",
        9: "nine neun",
        10: "ten zehn",
        12: "twelve zwolf",
    },
    Kind.ANY_OF: {2: "couple paar", 5: "few several"},
    Kind.ORDINAL: {
        1: "first erste ersten erster",
        2: "second zweite zweiten zweiter",
        3: "third dritte dritten dritter",
        4: "fourth vierte vierten viertes",
        5: "fifth",
        6: "sixth",
        7: "seventh",
        8: "eighth",
        9: "ninth",
        10: "tenth",
        11: "eleventh",
        12: "twelfth",
        13: "thirteenth",
        14: "fourteenth",
        15: "fifteenth",
        16: "sixteenth",
        17: "seventeenth",
        18: "eighteenth",
        19: "nineteenth",
        20: "twentieth",
        30: "thirtieth",
    },
    Kind.TENS: {20: "twenty", 30: "thirty"},
    Kind.HALF: {1: "half halfte halbjahr"},
    Kind.SIDE: {
        -1: "last previous letzte letzten letzter letztes letztem vergangene vergangenen"
        " vergangener vergangenes vorige vorigen voriger voriges",
        0: "this current diese diesen dieser dieses diesem",
        1: "next coming upcoming nachste nachsten nachster nachstes kommende kommenden",
    },
    Kind.PAST: {1: "past"},
    Kind.DAY: {0: "today heute", -1: "yesterday gestern", -2: "vorgestern", 1: "tomorrow"},
    Kind.PART: {
        0: "morning morgen",
        12: "afternoon nachmittag",
        17: "evening abend",
        18: "night nacht",
    },
    Kind.TONIGHT: {1: "tonight tonite"},
    Kind.HOLIDAY: {
        101: "neujahr",
        1031: "halloween",
        1224: "heiligabend",
        1225: "christmas xmas weihnachten",
        1231: "silvester",
    },
    Kind.PERSONAL_DAY: {
        214: "valentine valentines",
        401: "fools",
        422: "earth",
        1226: "boxing",
    },
    Kind.SEASON: {
        3: "spring fruhling fruhjahr",
        6: "summer sommer",
        9: "autumn fall herbst",
        12: "winter",
    },
    Kind.DECADE: {
        1920: "twenties",
        1930: "thirties dreissiger dreißiger",
        1940: "forties vierziger",
        1950: "fifties funfziger",
        1960: "sixties sechziger",
        1970: "seventies siebziger",
        1980: "eighties achtziger",
        1990: "nineties neunziger",
    },
    Kind.EDGE: {
        0: "early beginning start anfang",
        1: "mid middle mitte",
        2: "late end ende",
    },
    Kind.QUARTER: {1: "q1", 2: "q2", 3: "q3", 4: "q4"},
    Kind.HALF_YEAR: {1: "h1", 2: "h2"},
}
WORDS: Mapping[Kind, str] = {
    Kind.AGO: "ago",
    Kind.VOR: "vor",
    Kind.EVE: "eve",
    Kind.SINCE: "since seit starting",
    Kind.AFTER: "after nach",
    Kind.BEFORE: "before b4 vor",
    Kind.UNTIL: "until till til bis",
    Kind.BETWEEN: "between zwischen",
    Kind.FROM: "from von vom",
    Kind.TO: "to through thru until till bis - – —",
    Kind.AND: "and & und",
    Kind.OR: "or oder /",
    Kind.IN: "in on at during within over throughout around im am wahrend",
    Kind.FOR: "for fur",
    Kind.OF: "of",
    Kind.THE: "the",
    Kind.ARTICLE: "den der dem des die zum",
    Kind.MOST: "most",
    Kind.NEWEST: "latest newest neueste neuesten neuestes neuester neuste neusten",
    Kind.OLDEST: "oldest earliest alteste altesten altestes",
    Kind.FIRST: "first",
    Kind.RECENT: "recent",
    Kind.LATELY: "recently lately neulich kurzlich",
    Kind.NOUN: "news story stories article articles report reports coverage headline headlines"
    " update updates piece pieces post posts item items nachrichten meldungen meldung artikel",
    Kind.POSSESSIVE: "s",
    Kind.WHAT: "what whats",
    Kind.IS: "is s",
    Kind.NEW: "new",
    Kind.SURELY_SHORT: "aug dec feb nov oct okt sept",
    Kind.SOMETIME: "earlier later sometime",
    Kind.BY: "by",
    Kind.SORTED: "sort sorted order ordered",
    Kind.TIME: "date time",
}
