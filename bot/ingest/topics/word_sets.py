"""Words that name no topic, or not by themselves: titles, nationalities, months."""

from __future__ import annotations

from functools import cache
from importlib import resources

from bot.text.stopwords import EXTENDED_STOPWORDS

_PLACES_OF_ORIGIN = """
    Afghan:Afghanistan African:Africa Albanian:Albania Algerian:Algeria American:America
    Arab: Argentine:Argentina Argentinian:Argentina Armenian:Armenia Asian:Asia
    Australian:Australia Austrian:Austria Bangladeshi:Bangladesh Basque: Belarusian:Belarus
    Belgian:Belgium Bolivian:Bolivia Bosnian:Bosnia Brazilian:Brazil British:Britain
    Bulgarian:Bulgaria Cambodian:Cambodia Canadian:Canada Catalan:Catalonia Chilean:Chile
    Chinese:China Colombian:Colombia Croatian:Croatia Cuban:Cuba Cypriot:Cyprus Czech:Czechia
    Danish:Denmark Dutch:Netherlands Egyptian:Egypt English:England Estonian:Estonia
    Ethiopian:Ethiopia European:Europe Filipino:Philippines Finnish:Finland French:France
    Georgian:Georgia German:Germany Ghanaian:Ghana Greek:Greece Hungarian:Hungary
    Icelandic:Iceland Indian:India Indonesian:Indonesia Iranian:Iran Iraqi:Iraq Irish:Ireland
    Israeli:Israel Italian:Italy Jamaican:Jamaica Japanese:Japan Jordanian:Jordan
    Kazakh:Kazakhstan Kenyan:Kenya Korean:Korea Kurdish: Kuwaiti:Kuwait Latvian:Latvia
    Lebanese:Lebanon Libyan:Libya Lithuanian:Lithuania Malaysian:Malaysia Maltese:Malta
    Mexican:Mexico Mongolian:Mongolia Moroccan:Morocco Nepalese:Nepal Nigerian:Nigeria
    Norwegian:Norway Pakistani:Pakistan Palestinian:Palestine Peruvian:Peru Polish:Poland
    Portuguese:Portugal Romanian:Romania Russian:Russia Rwandan:Rwanda Saudi: Scottish:Scotland
    Serbian:Serbia Singaporean:Singapore Slovak:Slovakia Slovenian:Slovenia Somali:Somalia
    Spanish:Spain Sudanese:Sudan Swedish:Sweden Swiss:Switzerland Syrian:Syria
    Taiwanese:Taiwan Thai:Thailand Tibetan:Tibet Tunisian:Tunisia Turkish:Turkey
    Ukrainian:Ukraine Vietnamese:Vietnam Welsh:Wales Western: Yemeni:Yemen Zimbabwean:Zimbabwe
"""
NATIONALITIES = {
    name.lower(): place.lower()
    for name, _, place in (pair.partition(":") for pair in _PLACES_OF_ORIGIN.split())
}
"""Nationalities with their countries, in small letters; an empty text for those of none."""

COUNTRIES = frozenset(filter(None, NATIONALITIES.values())) | {"us", "uk", "u.s", "u.k", "eu"}
"""Countries and continents: they belong to no longer name that ends in them."""

TITLES = frozenset(
    """
    mr mrs ms miss mx dr dame prof professor president minister pm premier chancellor secretary sen
    senator rep representative congressman congresswoman gov governor mayor mep mp cardinal
    archbishop rev reverend gen col colonel capt captain lt lieutenant sgt sergeant maj adm admiral
    ceo cfo coo cto chairman chairwoman chair manager coach former ambassador commissioner rabbi
    imam ayatollah sheikh singer actor actress author rapper superstar comedian director filmmaker
    novelist striker midfielder defender goalkeeper winger skipper batsman batter bowler pitcher
    quarterback billionaire tycoon lawmaker airline automaker carmaker chipmaker drugmaker
    planemaker insurer lender retailer startup
    """.split()
)
"""Words before the names of people and companies; no name begins with one."""

TITLE_PARTS = frozenset(
    """
    vice prime deputy acting chief attorney foreign finance defense defence interior health home
    general executive us uk
    """.split()
)
"""Words before titles: `Foreign Secretary`; a name may begin with one all the same."""

NOT_FIRST = frozenset(
    """
    by in on at with this that these those as for from and but if when after before while is are not
    no how why what who where news latest watch read
    """.split()
)
"""Words that no name begins with, even where they are capitalised."""

COMPANY_FORMS = frozenset(
    """
    inc incorporated co corp corporation company ltd limited llc llp plc ag gmbh sa se nv bv spa srl
    kk pte pty holding holdings oyj ab asa
    """.split()
)
"""Words behind the names of companies, which are left out of them."""

_CALENDAR = """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday
    saturday sunday mon tue tues wed thu thur thurs fri sat sun spring summer autumn winter
    christmas easter eve
"""
_ABBREVIATIONS = """
    ceo cfo coo cto pm mp mps tv pc pcs it ok dvd cd am gmt est edt pst pdt cet bst jst utc usd
    eur gbp jpy yen llc plc ap afp upi reuters bbc pa ani pti id faq no vs rip diy aka asap st nd
    app apps soc ram gb mah yoy qoq ytd cagr bn mn
    rd th jr sr ii iii iv vi vii xi usb hq ipo gdp q1 q2 q3 q4 h1 h2 fy video videos photo photos
    watch live updated breaking exclusive opinion analysis editorial factbox explainer podcast
    quiz gallery feature review interview advertisement subscribe newsletter
"""
_OTHERS = """
    north south east west northern southern eastern western central god street road avenue city
    town county state states district prefecture province island university college school
    internet web congress parliament senate diet house cabinet government court supreme law act
    bill party democrat democrats republican republicans labour conservative tory tories police
    army navy agency ministry department bureau committee commission council bank group university
    press times post news daily herald tribune guardian team league cup championship premier
    championships round open grand prix division crore lakh rs govt cm pic pics netizen netizens
    viral tweet tweets image images design stake specs render positivity discount captain student
    students human brother sister candidate candidates trust relief network festival budget poster
    man woman men women boy girl people world earth the one two three first second new
"""
NAMELESS = (
    frozenset(_CALENDAR.split()) | frozenset(_ABBREVIATIONS.split()) | frozenset(_OTHERS.split())
)
"""Words that are written like names and name no topic by themselves."""

CALENDAR = frozenset(_CALENDAR.split()) - {"may"}
"""Months, days and feasts: a name does not begin or end with one."""

CATEGORIES_OF_NOTHING = frozenset(
    """
    all archive article blog blogs default featured feature front general home homepage latest main
    misc miscellaneous news newsletter none other others page post stories story top uncategorised
    uncategorized update updates various feed rss press headline headlines
    """.split()
)
"""Categories of publishing systems that say nothing of the stories under them."""


@cache
def everyday_words() -> frozenset[str]:
    """Returns words that stand in stories of all kinds; `make topic-words` makes the list."""
    listed = resources.files("bot.ingest.topics").joinpath("everyday_words.txt").read_text("ascii")
    return frozenset(listed.split()) | EXTENDED_STOPWORDS


@cache
def english_words() -> frozenset[str]:
    """Returns common English words: what is spelled as one may not be a name.

    As a set, for each story has many words to look up.
    """
    listed = resources.files("bot.text").joinpath("english_words.txt").read_text("ascii")
    return frozenset(listed.split()) | everyday_words()
