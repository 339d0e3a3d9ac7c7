"""Wording of what became of a story in a chat, and of what keeps it from a subscription."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chat.local_time import tell_ago
from bot.chat.request import Request
from bot.commands.subscriptions.filter_wording import refusal_reason, refusal_text
from bot.commands.subscriptions.wording import subscription_name
from bot.posting.trace import Explanation, StoryFacts, SubscriptionFit, Verdict
from bot.subscriptions.fit import Mismatch, MismatchKind
from bot.text.display import add_quotes


def verdict_lines(request: Request, explanation: Explanation) -> Sequence[str]:
    """Says why a story was not posted, in sentences; nothing for one that has a post."""
    _ = request.gettext
    match explanation.verdict:
        case Verdict.QUEUED:
            return ()
        case Verdict.NOTHING_FOLLOWED:
            return (_("It was not posted here because this chat has no subscriptions."),)
        case Verdict.NO_MATCH:
            return tuple(_no_match(request, explanation))
        case Verdict.ENDED:
            return (_ended(request, explanation),)
    return (_matched(request, explanation), _unposted(request, explanation))


def _ended(request: Request, explanation: Explanation) -> str:
    _ = request.gettext
    told = _("It matched what this chat no longer follows: {names}.")
    return told.format(names=_names(request, _fitting(explanation)))


def _matched(request: Request, explanation: Explanation) -> str:
    _ = request.gettext
    here = [one for one in _fitting(explanation) if one.past.ended_at is None]
    told = _("It matches what this chat follows: {names}.")
    return told.format(names=_names(request, here))


def _fitting(explanation: Explanation) -> Sequence[SubscriptionFit]:
    return [one for one in explanation.fits if one.mismatch is None]


def _names(request: Request, fits: Sequence[SubscriptionFit]) -> str:
    names = (subscription_name(request, one.past.subscription) for one in fits)
    return request.words.join(dict.fromkeys(names))


def _unposted(request: Request, explanation: Explanation) -> str:
    """Says why a story was not posted that matches what is followed."""
    _ = request.gettext
    facts = explanation.facts
    told = {
        Verdict.FIRST_LOAD: _(
            "It was already there when {source} was first checked, and nothing from a first "
            "check is posted."
        ),
        Verdict.OLDER: _(
            "It is older than all that {source} was showing when it came, so it was no news."
        ),
        Verdict.BEFORE: _("It arrived {when}, before this chat subscribed."),
        Verdict.PAUSED: _("Posting is paused here."),
        Verdict.UNKNOWN: _(
            "It arrived {when}. I remember posts for a week, so I can't tell whether it was posted."
        ),
        Verdict.SILENT: _("It arrived {when}, during a check of the sources that posts nothing."),
    }[explanation.verdict]
    when = tell_ago(request, facts.arrived)
    return told.format(source=request.source_name(facts.story.source), when=when)


def _no_match(request: Request, explanation: Explanation) -> Iterator[str]:
    _ = request.gettext
    refused = [*_refusals(request, explanation)]
    if refused:
        yield from refused
        return
    yield _("It was not posted here because it matches nothing this chat follows.")
    yield _where_it_belongs(request, explanation.facts)
    for one in explanation.fits:
        subscription = one.past.subscription
        is_near = one.mismatch is not None and one.mismatch.is_near
        if one.mismatch and is_near and one.past.ended_at is None:
            what = subscription_name(request, subscription)
            yield near_miss(request, what, one.mismatch)


def _refusals(request: Request, explanation: Explanation) -> Iterator[str]:
    """Says which filters keep a story out of what it matches; nothing where none does."""
    for one in explanation.fits:
        refusal = one.mismatch.refusal if one.mismatch else None
        if refusal and one.past.ended_at is None:
            yield refusal_text(request, one.past.subscription, refusal)


def _where_it_belongs(request: Request, facts: StoryFacts) -> str:
    _ = request.gettext
    source = request.source_name(facts.story.source)
    if not facts.story.topics:
        return _("It is from {source} and has no topic.").format(source=source)
    told = _("It is from {source}, with these topics: {topics}.")
    return told.format(source=source, topics=request.words.join(facts.story.topics))


def near_miss(request: Request, what: str, mismatch: Mismatch) -> str:
    """Says what keeps a story from a search that it nearly matches, in a sentence.

    Args:
        request: The question.
        what: The search, as it is named.
        mismatch: What keeps it.
    """
    _ = request.gettext
    told = {
        MismatchKind.MISSING: _("To match {what}, it would also need {words}."),
        MismatchKind.EXCLUDED: _(
            "It contains the words of {what}, but also {words}, which that search leaves out."
        ),
        MismatchKind.NOT_IN_TITLE: _(
            "It contains the words of {what}, but its title lacks {words}."
        ),
    }.get(mismatch.kind, _("It contains the words of {what}, but not {words}."))
    return told.format(what=what, words=quoted_words(request, mismatch.words))


def quoted_words(request: Request, words: Sequence[str]) -> str:
    """Returns words and phrases of a search in quotes, as a list."""
    return request.words.join(add_quotes(word.strip('"')) for word in words)


def mismatch_text(request: Request, one: SubscriptionFit) -> str:
    """Says in a few words why a story is not for a subscription; empty where it is."""
    _ = request.gettext
    mismatch = one.mismatch
    if mismatch is None:
        return ""
    if mismatch.refusal:
        return refusal_reason(request, one.past.subscription, mismatch.refusal)
    if mismatch.kind is MismatchKind.SOURCE:
        return _("follows another source")
    if mismatch.kind is MismatchKind.TOPIC:
        return _("the story is not on that topic")
    told = {
        MismatchKind.MISSING: _("the story lacks {words}"),
        MismatchKind.EXCLUDED: _("the story contains {words}, which is left out"),
        MismatchKind.FILTERED: _("narrowed to {words}"),
        MismatchKind.NOT_IN_TITLE: _("its title lacks {words}"),
    }[mismatch.kind]
    return told.format(words=quoted_words(request, mismatch.words))
