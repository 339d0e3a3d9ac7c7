"""What headlines tell, and what they only seem to tell alike: kinds of look-alikes."""

from __future__ import annotations

import pytest
from test_events import AT, HOUR, placed

from bot.ingest.events.abbreviations import join_names
from bot.ingest.events.clauses import main_clause
from bot.ingest.events.clusterer import DatedTerms, EventClusterer
from bot.ingest.events.deeds import deeds_of
from bot.ingest.events.marks import without_marks
from bot.ingest.events.phrases import join_phrases
from bot.ingest.events.terms import TermReader
from bot.ingest.similarity import sketch


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Shares of another region; where none is named, they are those at home.
        ("Stocks fall on weak export data", "Asian shares fall on weak export data"),
        ("Hong Kong shares slip as banks drag", "Shares slip as banks drag"),
        # Prices of one place, and of none in particular.
        ("Gullhaven petrol prices rise", "Petrol prices rise"),
        ("Unemployment rate climbs in Utah", "Unemployment rate climbs"),
        # What is told beside the point: it is known already.
        (
            "Mayor resigns after crane falls on harbour market",
            "Crane falls on harbour market, six hurt",
        ),
        (
            "As Orbix reports record sales, its founder sails to Lisbon",
            "Orbix reports record sales in Lisbon",
        ),
        # What one says and the other takes back.
        ("Court upholds ban on gas stoves", "Court overturns ban on gas stoves"),
        ("Court upholds ban on gas stoves", "Court strikes down ban on gas stoves"),
        ("Senate passes bill on farms and forests", "Senate vetoes bill on farms and forests"),
        (
            "Judge grants bail to Ada Lowe in fraud case",
            "Judge denies bail to Ada Lowe in fraud case",
        ),
        ("Gullhaven joins climate pact of Oslo", "Gullhaven quits climate pact of Oslo"),
        ("Jury convicts Ada Lowe of fraud", "Jury clears Ada Lowe of fraud"),
        ("Gullhaven eases rules on dogs in parks", "Gullhaven tightens rules on dogs in parks"),
        ("Mayor praises plan for harbour bridge", "Mayor slams plan for harbour bridge"),
        ("Storm Ana weakens as it nears Gullhaven", "Storm Ana strengthens as it nears Gullhaven"),
        ("Orbix expands plant in Gullhaven", "Orbix shrinks plant in Gullhaven"),
        # Who acts.
        (
            "Prosecutors open criminal probe of Orbix brake defect",
            "Congress opens probe of Orbix brake defect",
        ),
        # What of a company's figures.
        ("Harbour Foods quarterly sales beat view", "Harbour Foods quarterly profit beats view"),
        # Before and after.
        ("Teen sailor missing off Lisbon coast", "Teen sailor found off Lisbon coast"),
        ("Senate considers ferry safety bill", "Senate passes ferry safety bill"),
        ("Bank chief to face questions over loans", "Bank chief quizzed over loans"),
        # Another version of a program.
        ("Orbix releases Flit 15.2.1 for sailors", "Orbix releases Flit 15.3 for sailors"),
        # Other figures, spelt out.
        ("Zinc price at one-month low on strike", "Zinc price at nine-month low on strike"),
        # Two questions, guides or galleries.
        ("Okonkwo and Lindqvist: who won the debate?", "Okonkwo and Lindqvist debate in pictures"),
        ("How to update your Orbix phone", "Orbix phone update released"),
        # A report, and a page that goes on with it.
        ("Ferry strike ends in Oslo", "Ferry strike in Oslo LIVE: strike ends"),
        # Two of a series.
        (
            "Buy Orbix, target price 410: Harbour Bank",
            "Buy Lindqvist, target price 95: Harbour Bank",
        ),
        ("Libra horoscope today, May 3", "Taurus horoscope today, May 3"),
        ("Sector update: steel, Orbix up", "Sector update: steel, Chandler up"),
        # Two of one fixture's sides.
        (
            "Orioles vs Falcons match: who will win in Oslo?",
            "Herons vs Falcons match: who will win in Oslo?",
        ),
        ("Okafor v Petrov: court hears the case", "Okafor v Zeidler: court hears the case"),
        # Shares that fall, and shares that do not know where to go.
        ("Oslo stocks fluctuate as tin glut grows", "Oslo stocks decline as tin glut grows"),
        ("Zinc price steady on strike in Utah", "Zinc price rises on strike in Utah"),
        ("Oslo ferries update: fares that hit highs", "Oslo ferries update: fares that hit lows"),
        # What leaks, and what is confirmed.
        ("Orbix phone launch date leaked, May 3", "Orbix confirms phone launch date, May 3"),
        # Another deed of the same persons, with what they are called.
        (
            "Prince Okonkwo to introduce Zeidler Lindqvist at Gullhaven",
            "Prince Okonkwo, Zeidler Lindqvist make appearance",
        ),
        # A comparison and a count of what there is to say are somebody's opinion.
        ("Orbix adds Flit button to phones", "Orbix Flit button on phones is more toy than tool"),
        ("Okonkwo's Flit deal", "Okonkwo's Flit deal must have Lindqvist sweating"),
        (
            "Gullhaven harbour festival grows",
            "The 9 oddest things about Gullhaven harbour festival",
        ),
        # What happened, and what somebody says to it.
        (
            "Okonkwo wins the Gullhaven regatta, beating Lindqvist",
            "Lindqvist is 'livid' about losing the Gullhaven regatta",
        ),
        (
            "Gullhaven closes its harbour to ferries of Oslo",
            '"Shameful": Lindqvist after Gullhaven closes harbour to ferries of Oslo',
        ),
        ("Orbix weighs merger with Flit", "Orbix clarifies report on merger with Flit"),
        ("Buy Orbix; target of 410: Emdal", "Buy Harbour Foods; target of 95: Emdal"),
        ("Match preview: Orioles vs Falcons, cup", "Match report: Orioles vs Falcons, cup"),
        ("Orbix phones crash in Oslo", "Lindqvist reacts to Orbix phones crash"),
        # Two deeds that have their names and their matter in common.
        ("Gullhaven navy attacks tin ferry", "Tin ferry leaves harbour of Gullhaven"),
        ("Sailors drop Orbix from regatta", "Orbix hopes to win regatta of sailors"),
        # What is tried, and what is done.
        (
            "Council ousts mayor over tin exports",
            "Council makes bid to oust mayor at last",
        ),
        # Who speaks, by what they are.
        ("Merger with Flit is near, says Orbix CFO", "Merger with Flit is near, says Orbix CEO"),
        ("Orbix crew tests positive for fever", "Orbix crew tests negative for fever"),
        # Two companies, as their tickers tell.
        (
            "Harbour Outfitters (HBO) sees large volume of options",
            "Orchard Outfitters (ORO) sees large volume of options",
        ),
        # A place that goes without saying.
        ("Petrol prices continue to rise", "Petrol prices continue to rise in state"),
        # A list, a guide and a page's note each is about what it names.
        ("5 shows to see at harbour festival", "5 moments to see of harbour festival"),
        ("Where to find the tin rock in Flit", "Where to find the moss rock in Flit"),
        ("(press to see all of a list)", "(press to see all of a list)"),
        ("Sector update: consumer", "Sector update: consumer"),
        # A talk, and what it is about.
        ("Okonkwo talks about his regatta", "Okonkwo wins the regatta of Gullhaven"),
        ("Who did Okonkwo choose?", "Why Okonkwo should choose Lindqvist"),
        # Each names somebody else beside what both name.
        ("Chandler-Finnegan merger worries Okonkwo", "Chandler-Finnegan merger pleases Lindqvist"),
    ],
)
def test_what_headlines_do_not_tell_alike_is_posted_twice(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        first, second = placed([(pair[0], "a"), (pair[1], "b")])
        assert first.development != second.development


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("General Motors hires Okonkwo to lead recall", "GM hires Okonkwo to lead recall"),
        ("Bank of England keeps lending rate", "BoE keeps lending rate"),
        ("Ferry fares rise in Massachusetts ports", "Ferry fares rise in Mass. ports"),
        ("Harbour Foods files for Chapter 11", "Harbour Foods files for bankruptcy"),
        ("UPDATE 2-Orbix to rename itself Flit", "Orbix to rename itself Flit (1)"),
        ("GLOBAL MARKETS-Shares dip on tin glut", "Shares dip on tin glut -- 2nd Update"),
        (
            "Mac Arthur recalls crab cakes after scare in harbour kitchens",
            "MacArthur recalls crab cakes after scare in harbour kitchens",
        ),
        ("Lindqvist loses no-confidence vote", "Lindqvist loses confidence vote in parliament"),
        ("Transit ridership at record high", "Public transportation ridership at record high"),
        ("Okonkwo plays gig in underwear", "Okonkwo plays concert in undies"),
        ("Orbix rolls out phone for sailors", "Orbix launches phone for sailors"),
        ("Orbix Q4 profit up 7 percent", "Orbix 4Q profit rises 7 percent"),
        (
            "Orbix Inc. (NYSE:ORB) hires Okonkwo to lead recall",
            "Orbix hires Okonkwo to lead recall",
        ),
        ("Is Orbix down? Many users report outage", "Many users report Orbix outage"),
        ("MARKET SNAPSHOT: Shares dip in choppy trade", "Shares dip in choppy trade"),
        (
            "Lindqvist responds to Orbix recall report",
            "Lindqvist responds to report of Orbix recall",
        ),
    ],
)
def test_names_in_short_and_marks_of_agencies_make_no_difference(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        first, second = placed([(pair[0], "a"), (pair[1], "b")])
        assert first.development == second.development


_TOLD = (
    "The crane of Gullhaven's harbour fell on the market on Tuesday and hurt six people, the "
    "police said. Inspectors had found rust in its arm a year ago."
)
_ELSE = (
    "A committee of the council is to hear the owners in autumn. Nobody has paid for the "
    "stalls so far, and the sellers have moved to the old station."
)


@pytest.mark.parametrize(
    ("lead", "is_same"),
    [
        ("Six people were hurt when the crane fell on the harbour market of Gullhaven.", True),
        (_ELSE, False),
    ],
)
def test_titles_that_are_a_little_alike_need_leads_that_agree(lead: str, is_same: bool) -> None:
    reader, clusterer = TermReader(), EventClusterer()
    told = [("Six hurt as crane falls in Gullhaven", _TOLD), ("Crane in Gullhaven: six hurt", lead)]
    first, second = (
        clusterer.assign(DatedTerms(str(n), reader.read(title, text), AT + n * HOUR, str(n)))
        for n, (title, text) in enumerate(told)
    )
    assert (first.development == second.development) is is_same


def test_texts_of_one_template_are_no_copies() -> None:
    text = " ".join(f"word{n} of the template" for n in range(60))
    reader, clusterer = TermReader(), EventClusterer()
    titles = ["Orioles vs Falcons: our prediction", "Herons vs Falcons: our prediction"]
    places = [
        clusterer.assign(DatedTerms(title, reader.read(title, "", sketch(text)), AT, title))
        for title in titles
    ]
    assert len({place.development for place in places}) == len(titles)


@pytest.mark.parametrize(
    ("title", "main"),
    [
        ("Council approves budget", "Council approves budget"),
        ("Mayor resigns after crane falls", "Mayor resigns"),
        ("As prices rise, buses fill", "buses fill"),
        ("As prices rise", "As prices rise"),
        ("Mayor resigns, as crane falls, at last", "Mayor resigns,  at last"),
        ("Before the vote", "Before the vote"),
        ("", ""),
    ],
)
def test_main_clauses(title: str, main: str) -> None:
    assert main_clause(title) == main


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("UPDATE 3-RPT-Orbix rises", "Orbix rises"),
        ("WATCH: VIDEO: Orbix rises", "Orbix rises"),
        ("US STOCKS-Orbix rises", "Orbix rises"),
        ("Orbix rises [Update]", "Orbix rises"),
        ("Orbix rises - Updated", "Orbix rises"),
        ("Orbix's No. 1 rises", "Orbix's 1 rises"),
        ("COVID-hit Orbix rises", "COVID-hit Orbix rises"),
        ("Orbix (ORB) rises", "Orbix rises"),
        ("Orbix Company, Inc. (NYSE: ORB) News: Orbix rises", "Orbix: Orbix rises"),
        ("Orbix (Oslo) rises", "Orbix (Oslo) rises"),
        ("Orbix to merge with Flit: report", "Orbix to merge with Flit"),
        ("Tin hurts elephants, study finds", "Tin hurts elephants"),
        ("Study: tin hurts elephants", "tin hurts elephants"),
        ("Orbix merges with Flit today | The Gullhaven", "Orbix merges with Flit today"),
        ("Orbix to sell phones - Oslo News 7", "Orbix to sell phones"),
        ("Orbix to sell phones - Okonkwo", "Orbix to sell phones - Okonkwo"),
        ("It is a question of when, not if", "It is a question of when"),
    ],
)
def test_marks_of_agencies_are_taken_off(title: str, plain: str) -> None:
    assert without_marks(title) == plain


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("N.Y. and New York City", "NewYork and NewYork"),
        ("Who told the WHO?", "Who told the WHO?"),
        ("World Health Organization in Ore. and ore.", "WHO in Oregon and ore."),
        ("The Bank of Englanders", "The Bank of Englanders"),
    ],
)
def test_names_have_one_form(text: str, joined: str) -> None:
    assert join_names(text) == joined


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Orbix Rolls Out phones", "Orbix Launch phones"),
        ("profit up 7% as sales fall", "profit rise 7% as sales fall"),
        ("Okonkwo sews up deal", "Okonkwo sews up deal"),
        ("the all-out effort", "the all-out effort"),
    ],
)
def test_phrases_are_said_in_a_word(text: str, joined: str) -> None:
    assert join_phrases(text) == joined


def test_verbs_of_one_meaning_are_one_deed() -> None:
    one, other = (TermReader().read(title) for title in ("Council ousts Okonkwo", "Mayor sacked"))
    assert deeds_of(one.title) == deeds_of(other.title)
    assert not deeds_of(TermReader().read("Tin rock of Gullhaven").title)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Every hat worn at the Gullhaven regatta", "Every hat worn at the Gullhaven derby"),
        ("Emdal's best crew after the mega auction", "Orbix's best crew after the mega auction"),
        ("Gullhaven: first day of regatta", "Gullhaven: last day of regatta"),
    ],
)
def test_a_source_fills_in_its_form_for_another_thing(one: str, other: str) -> None:
    first, second = placed([(one, "paper"), (other, "paper")])
    assert first.development != second.development


def test_a_source_may_tell_one_thing_twice_in_nearly_the_same_words() -> None:
    titles = (
        "Gullhaven parliament to vote on hats at matches",
        "Gullhaven to vote on hats at matches",
    )
    first, second = placed([(title, "paper") for title in titles])
    assert first.development == second.development


def test_what_a_source_prints_below_all_its_stories_makes_no_copies() -> None:
    text = " ".join(f"word{n} of the newsletter" for n in range(60))
    reader, clusterer = TermReader(), EventClusterer()
    places = [
        clusterer.assign(DatedTerms(title, reader.read(title, "", sketch(text)), AT, "paper"))
        for title in ("Charging at night may save power", "Orbix mends its microphones")
    ]
    assert places[0].development != places[1].development


def test_figures_of_what_joined_are_contradicted() -> None:
    titles = [
        "Pot pays: Gullhaven posts tax totals of the first month",
        "Gullhaven posts tax totals of $2 million in the first month: pot pays",
        "Gullhaven posts tax totals of $5 million in the first month: pot pays",
    ]
    first, second, third = placed([(title, str(n)) for n, title in enumerate(titles)])
    assert first.development == second.development != third.development


@pytest.mark.parametrize(("dots", "is_same"), [("  ...", True), ("…", True), ("", False)])
def test_what_a_title_lacks_where_it_is_cut_off_counts_less(dots: str, is_same: bool) -> None:
    cut = f"Gullhaven council meets Okonkwo over{dots}"
    whole = "Gullhaven council meets Okonkwo over rusty cranes, unpaid wages, lost tin ferries"
    for pair in ((cut, whole), (whole, cut)):
        first, second = placed([(title, str(n)) for n, title in enumerate(pair)])
        assert (first.development == second.development) is is_same


def test_a_copy_of_what_has_joined_is_still_something_like_the_first() -> None:
    told = [
        "Gullhaven ferry owners sell rusty tin cranes to Lisbon traders",
        "Owners sell rusty tin cranes to Lisbon traders in autumn of regatta sailors' unpaid wages",
        "Owners in Lisbon: autumn of sailors' unpaid wages awaits",
    ]
    found = placed([(title, str(n)) for n, title in enumerate(told)])
    assert [one.development for one in found] == ["s0", "s0", "s2"]


@pytest.mark.parametrize("title", ["Deal worth $5tn", "Deal worth 5 trn", "Loans of 3 tn, 4tn"])
def test_any_scale_of_numbers_is_read(title: str) -> None:
    assert any(value >= 1e12 for _, value in TermReader().read(title).figures)
