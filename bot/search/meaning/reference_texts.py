"""Texts that every model embeds first, so that its vectors can be compared fairly.

The vectors of a model have a direction that is common to all of them, and another one for each
language; what is left without these tells texts apart. Both are averages over texts about anything.
"""

from __future__ import annotations

SUBJECTS = (
    "new rules for small shops",
    "who won the election",
    "why are houses so expensive",
    "star leaves the team",
    "a storm is coming",
    "how to sleep better",
    "phone with a good camera",
    "bank fined for breaking the law",
    "scientists study the deep sea",
    "actor talks about a new role",
    "prices go up again",
    "fire in a factory",
    "talks between two countries",
    "train line opens after years",
    "doctors warn of a disease",
    "a company fires its boss",
    "school closed because of snow",
    "thieves steal a famous painting",
    "tax on sugar",
    "what is wrong with the economy",
    "music festival called off",
    "court rules against the government",
    "a rare bird comes back",
    "players train for the final",
    "garden in the city",
    "weather next week",
    "a book about the war",
    "rocket starts to the moon",
    "strike at the airport",
    "mayor promises cheaper buses",
    "recipe for soup",
    "neue Regeln für Mieter",
    "Streik bei der Bahn",
    "hausse des prix",
    "le musée rouvre ses portes",
    "incendio en una fábrica",
    "el equipo gana la final",
)
"""Questions as people ask them in Latin letters."""

OTHER_SCRIPTS = (
    "新しい法律が決まった",
    "選挙に勝ったのは誰",
    "電車の事故",
    "値上げが続く",
    "地震の被害",
    "人気の映画",
    "病気が広がる",
    "会社の社長が辞任",
    "新的手机发布",
    "房价下跌",
    "两国领导人会谈",
    "球队赢得比赛",
    "선거 결과",
    "지하철 요금 인상",
    "새로운 백신",
    "новый закон о налогах",
    "выборы президента",
    "قانون جديد",
)
"""Questions as people ask them in other letters."""

DECOYS = (
    "xqzv wrtk plmj",
    "asdf ghjk qwer",
    "zxcvbn mnbvc lkj",
    "qqqq wwww zzzz",
    "vrbnk tzwqp",
    "kjhg fdsa",
    "jxjxjx kqkqkq",
    "ajsdkl fjeiow",
    "udkzm oqwpe bnrtf",
    "hfgdk",
    "blorf snargle wuzzle",
    "grindlethorpe flumbex",
    "florp",
    "xyzzy",
    "dramulous fexity portlean",
    "wibble wobble foo bar baz",
    "teklimo varusan",
    "pofari lutena",
    "dagu nebiso rolafe",
    "mirapo",
    "sunilo betagi",
    "rodofa tumile paseru",
    "gelipu nadoro",
    "fitesa bogumo",
    "1234 5678 90",
    "000000",
    "????",
    "abc def ghi jkl",
    "lorem ipsum dolor sit amet",
    "hello",
    "hi there, how are you",
    "good morning",
    "thank you",
    "test test test",
    "ok",
    "yes no maybe",
    "what is this",
)
"""Lines that mean nothing: keys hit at random, words that do not exist, polite phrases.

A question that is nearer to one of these than to a story is not about the story.
"""
