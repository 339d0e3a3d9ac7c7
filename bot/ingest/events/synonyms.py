"""Synonyms: words of headlines that say the same, so that one story in two wordings is one.

Only what is told in other words by agencies and desks is here, not all that a thesaurus has: a word
that means more than one thing joins stories that have nothing in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.text.stemming import new_stemmer

# The words of a line are one. Each is there once, by any form that has its stem.
_SAME = """
    rise rose risen climb gain higher increase jump rally soar surge advance leap
    rise skyrocket
    fall fell fallen decline dip drop lower plunge retreat sink sank slide slid slip slump tumble
    fall decrease shrink plummet skid sag flounder
    large larger largest big bigger biggest
    buy bought acquire acquisition purchase takeover
    merge merger combine
    kill killed die died dies dying death dead
    injure injury hurt wound
    study research researcher
    launch release debut premiere rollout
    unveil introduce intro announce reveal announcement disclose
    urge urges ask
    reject rebuff spurn refuse
    arrest detain
    jail prison imprison
    lawsuit sue sued suing
    quit resign resignation
    win won victory
    police cop
    fire blaze wildfire
    earthquake quake temblor
    crash collide collision
    firm company
    chief ceo boss
    probe investigate investigation investigator inquiry
    deal agreement agree pact accord
    child children kid
    teen teenager
    film movie
    car vehicle auto automobile
    poll survey
    slash cut reduce
    pledge vow promise
    deny denies denied denial
    halt suspend stop
    begin began begun start
    help aid assist
    claim allege
    worry worries fear concern
    choose chose pick select tap
    hire appoint
    spark trigger prompt
    gasoline petrol
    fault faulty defect defective flaw
    bankrupt bankruptcy
    unemployment jobless
    breach hack hacker
    back support endorse
    percent pct
    plan proposal propose
    negotiate negotiation
    home house
    worker employee staff
    customer shopper consumer
    storm hurricane typhoon cyclone
    vaccine vaccination vaccinate jab
    marry marries wed wedding
    oust sack dismiss topple depose
    marijuana pot cannabis weed
    question grill quiz
    panel committee
    delay postpone
    apologise apologize apology sorry
    slam blast criticise criticize rip rebuke condemn denounce lambast
    revenue sale
    profit earnings
    search hunt
    plane jet jetliner airliner aircraft
    ship vessel
    leave depart exit
    phone smartphone cellphone handset
    cancel scrap
    shoot shot shooting gunfire
    strike struck hit
    escape flee
    soldier troops
    protester demonstrator
    student pupil
    flood flooding
    expand expansion
    bid offer
    stock share equities
    executive exec
    unit subsidiary
    form create
    website site
    recover recovery rebound
    explosion explode
    threaten threat
    improve improvement enhance
    drug medicine medication
    infant baby
    jury juror
    transit transport transportation
    regulator watchdog
    lawmaker legislator
    weak soft sluggish tepid disappoint disappointing gloomy discouraging
    consider mull ponder
    warn warning caution
    allow permit
    seize confiscate impound
    destroy wreck ravage devastate
    deadly fatal lethal
    doctor physician
    illegal unlawful
    huge massive enormous
    return comeback
    remove withdraw
    end finish conclude
    settle settlement
    outlook forecast guidance projection
    crackdown clampdown
    ceasefire truce
    hostage captive
    salary wage
    approve approval
    lawyer attorney
    ban outlaw prohibit
    naked nude
    underwear undies
    gig concert
    mother mom mum
    father dad
    tv television
    advertisement advert ad commercial
    feud row spat
    mistake error
    murder homicide
    2 two
    3 three
    4 four
    5 five
    6 six
    7 seven
    8 eight
    9 nine
    10 ten
    2nd second twice
    3rd third
    january jan
    february feb
    april apr
    august aug
    september sept sep
    october oct
    november nov
    december dec
    outage blackout
    glitch bug
    rename rebrand
    hint tease teaser
    reap collect haul rake harvest
    resurrect revive revival resume restart
    praise hail laud
    mock ridicule
    anger angry fury furious outrage
    gunman shooter
    coronavirus covid covid19
    premier pm
    hospital hospitalise hospitalize hospitalised hospitalized
    rapid fast quick
    firefighter fireman
    demand insist
    boycott shun
    loot steal stole stolen theft
    rich wealthy
    wealth fortune
    trip visit
    pope pontiff
    accident mishap
    border frontier
    feast festival
    hazard danger
    refund repay reimburse
    britain british uk
    china chinese
    japan japanese
    russia russian
    ukraine ukrainian
    germany german
    france french
    ireland irish
    israel israeli
    iran iranian
    iraq iraqi
    india indian
    australia australian
    canada canadian
    italy italian
    spain spanish
    poland polish
    turkey turkish
    greece greek
    syria syrian
    pakistan pakistani
    egypt egyptian
    mexico mexican
    brazil brazilian
    korea korean
    thailand thai
    afghanistan afghan
    netherlands dutch
    sweden swedish
    europe european
    asia asian
    africa african
    switzerland swiss
    denmark danish
    norway norwegian
    scotland scottish
    libya libyan
    cuba cuban
    venezuela venezuelan
    colombia colombian
    argentina argentine
    chile chilean
    peru peruvian
    nigeria nigerian
    kenya kenyan
    ethiopia ethiopian
    somalia somali
    tunisia tunisian
    algeria algerian
    morocco moroccan
    yemen yemeni
    lebanon lebanese
    jordan jordanian
    malaysia malaysian
    indonesia indonesian
    vietnam vietnamese
    philippines philippine filipino
    taiwan taiwanese
    nepal nepalese
    belgium belgian
    austria austrian
    hungary hungarian
    finland finnish
    portugal portuguese
    romania romanian
    serbia serbian
"""


@cache
def synonyms() -> Mapping[str, str]:
    """Returns the stem that stands for each stem that has others of its meaning."""
    stem = new_stemmer()
    groups = [[stem(word) for word in line.split()] for line in _SAME.strip().splitlines()]
    return {one: group[0] for group in groups for one in group}


def stems_of(words: str) -> frozenset[str]:
    """Returns the stems of words, and those that stand for them."""
    stem = new_stemmer()
    known = synonyms()
    return frozenset(known.get(one, one) for one in map(stem, words.split()))
