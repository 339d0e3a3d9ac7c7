"""Explanations of what became of a story in a chat: pure functions of what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from stories import NOW, story

from bot.ingest.topic_evidence import TopicSign, find_topic_evidence
from bot.model import Chat, Story, Topic
from bot.posting.model import Post, PostKind, State
from bot.posting.trace import DigestCause, Explanation, Standing, StoryFacts, Verdict, explain
from bot.posting.trace_ports import PastSubscription, TracedPost
from bot.subscriptions.fit import Mismatch, MismatchKind, find_mismatch
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import AT_ONCE, Rhythm, Timetable
from bot.subscriptions.story_filters import FilterKind, FilterRefusal, StoryFilters

HERE = Chat("telegram", "-100")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EXPO = replace(
    story("Osaka Expo opens", "The mayor of Osaka opened the gates.", published=NOW),
    topics=("Osaka Expo", "World"),
)
_ids = count(1)


def follows(what: str, kind: TargetKind = TargetKind.SEARCH, **given: object) -> Subscription:
    chosen = {"made": NOW - DAY, "id": next(_ids), **given}
    return Subscription(HERE, kind, what, **chosen)  # type: ignore[arg-type]


def facts(*past: Subscription | PastSubscription, **given: object) -> StoryFacts:
    known = tuple(
        one if isinstance(one, PastSubscription) else PastSubscription(one) for one in past
    )
    base = StoryFacts(EXPO, NOW + HOUR, NOW, NOW - 30 * DAY, subscriptions=known)
    return replace(base, **given)  # type: ignore[arg-type]


def post(**given: object) -> Post:
    base = Post(1, HERE, EXPO.id, PostKind.STORY, State.SENT, (EXPO.id,), None, NOW, NOW)
    return replace(base, **given)  # type: ignore[arg-type]


# What keeps a story from a subscription


@pytest.mark.parametrize(
    ("asked", "kind", "words", "is_near"),
    [
        ("osaka tokyo", MismatchKind.MISSING, ("tokyo",), True),
        ("tokyo nagoya", MismatchKind.MISSING, ("tokyo", "nagoya"), False),
        ("tokyo nagoya OR osaka kobe", MismatchKind.MISSING, ("kobe",), True),
        ('"expo osaka"', MismatchKind.MISSING, ('"expo osaka"',), False),
        ("osaka -mayor", MismatchKind.EXCLUDED, ("mayor",), True),
        ("osaka -mayor -gates -tokyo", MismatchKind.EXCLUDED, ("mayor", "gates"), True),
        ("osaka topic:sports", MismatchKind.FILTERED, ("topic:sports",), True),
        ("osaka source:other", MismatchKind.FILTERED, ("source:other",), True),
        ("osaka topic:world source:other", MismatchKind.FILTERED, ("source:other",), True),
        ("osaka gates in:title", MismatchKind.NOT_IN_TITLE, ("gates",), True),
        ("大阪 万博", MismatchKind.MISSING, ("大阪", "万博"), False),
    ],
)
def test_what_a_search_lacks_is_found(
    asked: str, kind: MismatchKind, words: tuple[str, ...], is_near: bool
) -> None:
    assert find_mismatch(follows(asked), EXPO) == Mismatch(kind, words, is_near)


@pytest.mark.parametrize(
    ("kind", "what", "found"),
    [
        (TargetKind.SOURCE, "other", MismatchKind.SOURCE),
        (TargetKind.TOPIC, "Sports", MismatchKind.TOPIC),
        (TargetKind.SOURCE, "wire", None),
        (TargetKind.TOPIC, "osaka expo", None),
        (TargetKind.EVERYTHING, "", None),
        (TargetKind.SEARCH, "mayors of osaka", None),
    ],
)
def test_other_targets_are_judged_by_what_they_are(
    kind: TargetKind, what: str, found: MismatchKind | None
) -> None:
    for ended in (False, True):
        mismatch = find_mismatch(follows(what, kind, ended=ended), EXPO)
        assert (mismatch and mismatch.kind) == found


def test_a_filter_says_what_it_found_in_what_would_fit() -> None:
    filters = StoryFilters(languages=("ja",), most_age=timedelta(days=1))
    one = replace(follows("osaka"), filters=filters)
    english = replace(EXPO, language="en")
    language = FilterRefusal(FilterKind.LANGUAGE, "en")
    age = FilterRefusal(FilterKind.AGE, "48")
    refused = Mismatch(MismatchKind.REFUSED, is_near=True, refusal=language)
    assert find_mismatch(one, english) == refused
    late = EXPO.published + timedelta(days=2)
    assert find_mismatch(one, english, late) == replace(refused, refusal=age)
    assert find_mismatch(replace(one, what="tokyo"), english) == find_mismatch(
        follows("tokyo"), english
    )


# Verdicts


FITS, ELSE = follows("osaka"), follows("tokyo")
OVER = PastSubscription(replace(FITS, ended=True), NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (facts(), Verdict.NOTHING_FOLLOWED),
        (facts(PastSubscription(replace(ELSE, ended=True), NOW)), Verdict.NOTHING_FOLLOWED),
        (facts(ELSE), Verdict.NO_MATCH),
        (facts(OVER), Verdict.ENDED),
        (facts(OVER, ELSE), Verdict.ENDED),
        (
            facts(replace(OVER, subscription=replace(FITS, made=NOW + HOUR))),
            Verdict.NOTHING_FOLLOWED,
        ),
        (facts(FITS, first_load=None), Verdict.FIRST_LOAD),
        (facts(FITS, first_load=NOW), Verdict.FIRST_LOAD),
        (facts(FITS, is_older=True), Verdict.OLDER),
        (facts(replace(FITS, made=NOW + HOUR)), Verdict.BEFORE),
        (facts(FITS, replace(FITS, id=99, made=NOW + HOUR)), Verdict.SILENT),
        (facts(replace(FITS, paused="the bot was blocked")), Verdict.PAUSED),
        (facts(FITS, now=NOW + 8 * DAY), Verdict.UNKNOWN),
        (facts(FITS), Verdict.SILENT),
        (facts(FITS, post=TracedPost(post())), Verdict.QUEUED),
        (facts(post=TracedPost(post(state=State.FAILED))), Verdict.QUEUED),
    ],
)
def test_each_fate_has_its_verdict(known: StoryFacts, verdict: Verdict) -> None:
    assert explain(known).verdict is verdict


def test_subscriptions_are_told_the_best_first_with_what_they_were_then() -> None:
    later = follows("osaka opens", made=NOW + HOUR)
    far, near = follows("tokyo nagoya"), follows("osaka tokyo")
    told = explain(facts(far, near, OVER, later))
    standing = {one.past.subscription.what: one.standing for one in told.fits}
    assert [one.past.subscription.what for one in told.fits] == [
        "osaka opens",
        "osaka",
        "osaka tokyo",
        "tokyo nagoya",
    ]
    assert standing["osaka opens"] is Standing.LATER
    assert standing["osaka"] is Standing.ENDED
    assert not any(one.is_met for one in told.fits)


# Digests and delays

DAILY = follows("osaka", when=Timetable(Rhythm.DAILY))
ONCE = follows("osaka", when=AT_ONCE)


def digest(one: Story = EXPO, holdups: tuple[str, ...] = (), **given: object) -> Explanation:
    return explain(facts(story=one, post=TracedPost(post(**given), holdups)))


def test_why_a_story_went_with_a_digest_is_told() -> None:
    assert digest(subscription=ONCE).digest is None
    assert digest(subscription=DAILY, gathered=True).digest is DigestCause.TIMETABLE
    assert digest(subscription=ONCE, state=State.WAITING).digest is DigestCause.CROWDED
    held = digest(subscription=ONCE, gathered=True, holdups=("quiet hours",))
    assert held.digest is DigestCause.HELD
    old = replace(EXPO, published=NOW - DAY)
    assert digest(old, subscription=ONCE, gathered=True).digest is DigestCause.OLD
    assert digest(old, subscription=DAILY, gathered=True).digest is DigestCause.TIMETABLE


@pytest.mark.parametrize(
    ("minutes", "date_only", "is_late"),
    [(5, False, False), (59, False, False), (60, False, True), (600, True, False)],
)
def test_a_late_arrival_is_told(minutes: int, date_only: bool, is_late: bool) -> None:
    gap = timedelta(minutes=minutes)
    one = replace(EXPO, published=NOW - gap, date_only=date_only)
    assert explain(facts(story=one)).delay == (gap if is_late else None)
    assert explain(facts(story=one, seen=None)).delay is None


# Topics


@pytest.mark.parametrize(
    ("topic", "sign", "words"),
    [
        (Topic("T", sources=frozenset({"wire", "x"})), TopicSign.SOURCE, ("wire",)),
        (Topic("T", "tokyo OR osaka mayor"), TopicSign.WORDS, ("osaka", "mayor")),
        (Topic("T", '"osaka expo"'), TopicSign.WORDS, ('"osaka expo"',)),
        (Topic("t", keys=("osaka",)), TopicSign.NAME, ()),
        (Topic("T", subject="world"), TopicSign.SUBJECT, ()),
        (Topic("T", "tokyo"), TopicSign.UNKNOWN, ()),
        (Topic("Another"), TopicSign.UNKNOWN, ()),
    ],
)
def test_why_a_story_is_on_a_topic_is_found_anew(
    topic: Topic, sign: TopicSign, words: tuple[str, ...]
) -> None:
    (found,) = find_topic_evidence(replace(EXPO, topics=("T",)), [topic])
    assert (found.topic, found.sign, found.words) == ("T", sign, words)


def test_a_category_of_its_source_is_told_as_such() -> None:
    one = replace(EXPO, topics=("Trade Fairs",), categories=("trade fairs",))
    (found,) = find_topic_evidence(one, [Topic("Trade Fairs", keys=("trade fair",))])
    assert found.sign is TopicSign.GIVEN
