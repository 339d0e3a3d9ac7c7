"""Composes posts into messages, and digests: a page of cards by topic, the best first."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bot.i18n import Translations
from bot.model import Story, Topic, TopicOrigin
from bot.posting.messenger import Message
from bot.posting.model import UNRESUMABLE, Post, PostKind
from bot.posting.page_links import PageLinks
from bot.posting.templates.compose import lay_out
from bot.posting.templates.language import TemplateError
from bot.reply import Action, Button, Card, LocalClock, Reply, Role, Snippet
from bot.subscriptions.post_template import STANDARD, PostField, PostTemplate
from bot.text.tokenizer import words

log = logging.getLogger(__name__)

CARDS = 8
"""Stories that a digest shows with their summaries; the others it names."""

_NONE: Mapping[str, str] = MappingProxyType({})
_WEIGHED = 200  # of the newest: each is compared with each
_LONG = 4  # letters of a word that says what a headline is about
_ALIKE = 0.5  # the part of such words that two headlines about one thing share


@dataclass(frozen=True, slots=True)
class DisplayNames:
    """The names of things, as readers see them.

    Attributes:
        words: The bot's own words.
        sources: What sources are called, by their ids.
        topics: All topics.
        pages: Links to the pages of stories without a link of their own; None without a website.
        icons: Emoji that stand before sources' names, by their ids.
    """

    words: Translations
    sources: Mapping[str, str]
    topics: Sequence[Topic] = ()
    pages: PageLinks | None = None
    icons: Mapping[str, str] = field(default_factory=lambda: _NONE)

    def source(self, source: str) -> str:
        """Returns a source's name; its id when it is no longer in the configuration."""
        return self.sources.get(source, source)

    def card(
        self,
        story: Story,
        *,
        heading: str = "",
        number: int | None = None,
        score: float | None = None,
        snippet: Snippet | None = None,
    ) -> Card:
        """Returns a story as shown in a reply, with the names of all its sources."""
        told_by = dict.fromkeys((*story.also, *story.told_by))
        others = self.words.join(map(self.source, told_by))
        also = self.words.gettext("also in {sources}").format(sources=others) if others else ""
        shown = self.pages.linked(story) if self.pages else story
        icon = self.icons.get(story.source, "")
        source = self.source(story.source)
        return Card(shown, source, number, score, snippet, heading, also, icon=icon)


def digest(
    stories: Sequence[Story], names: DisplayNames, sparklines: Mapping[str, str] = _NONE
) -> Reply:
    """Lays out the page that a chat is sent in place of many posts.

    Best is what several of the stories are about, and then what is newest. The best are shown as
    cards under their topics, all others are named under these.

    Args:
        stories: The stories.
        names: The names of things.
        sparklines: What stands beside the names of topics.
    """
    best = rank(without_repeats(stories))
    read = names.words.gettext("Read {number}")
    title = names.words.ngettext("{count} new story", "{count} new stories", len(best))
    shown = [_with_sparkline(card, sparklines) for card in group_by_topic(best[:CARDS], names)]
    return Reply(
        "digest",
        title=title.format(count=len(best)),
        cards=tuple(replace(card, number=at) for at, card in enumerate(shown, 1)),
        more=tuple(names.card(story) for story in best[CARDS:]),
        buttons=tuple(
            Button(card.story.title, _read(card.story), Role.READ, at, read.format(number=at))
            for at, card in enumerate(shown, 1)
        ),
    )


def without_repeats(stories: Sequence[Story]) -> Sequence[Story]:
    """Returns stories with one alone of those that tell the same: the first."""
    first = {_development(story): story for story in reversed(stories)}
    return [story for story in stories if first[_development(story)] is story]


def _development(story: Story) -> str:
    return story.development or story.id


def _with_sparkline(card: Card, sparklines: Mapping[str, str]) -> Card:
    heading = f"{card.heading} {sparklines.get(card.heading, '')}".rstrip()
    return replace(card, heading=heading)


def _read(story: Story) -> Action:
    return Action("read", (("story", story.id),))


def rank(stories: Iterable[Story]) -> list[Story]:
    """Ranks stories: first what several are about, then the newest."""
    newest = sorted(stories, key=lambda story: story.published, reverse=True)
    about = [_about(story) for story in newest[:_WEIGHED]]
    weights = Counter(
        {
            story.id: sum(_alike(mine, other) for other in about if other is not mine)
            for story, mine in zip(newest, about, strict=False)
        }
    )
    return sorted(newest, key=lambda story: -weights[story.id])


def _about(story: Story) -> frozenset[str]:
    return frozenset(word for word in words(story.title) if len(word) >= _LONG)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= max(1.0, _ALIKE * min(len(one), len(other)))


def group_by_topic(stories: Sequence[Story], names: DisplayNames) -> list[Card]:
    """Groups stories into cards under their topics, in the order of the topics' first stories.

    A story of several topics stands under the first that it has, those of none come last. A topic
    that was found in the stories stands above several only.
    """
    groups: dict[str, list[Story]] = {}
    counts = Counter(topic for story in stories for topic in story.topics)
    found = {topic.name for topic in names.topics if topic.origin is TopicOrigin.FOUND}
    for story in stories:
        fit = (topic for topic in story.topics if topic not in found or counts[topic] > 1)
        groups.setdefault(next(fit, ""), []).append(story)
    others = groups.pop("", [])
    none = names.words.gettext("Other") if groups else ""
    cards = []
    for topic, members in (*groups.items(), (none, others)):
        for at, story in enumerate(members):
            heading = "" if at else topic
            cards.append(names.card(story, heading=heading))
    return cards


@dataclass(frozen=True, slots=True)
class PostComposer:
    """Turns posts into messages.

    Attributes:
        names: The names of things.
    """

    names: DisplayNames

    def message(
        self, post: Post, stories: Mapping[str, Story], sparklines: Mapping[str, str] = _NONE
    ) -> Message | None:
        """Composes the message for a post; returns None when nothing is left of it.

        Args:
            post: The post.
            stories: The stories in it that there still are, by id.
            sparklines: What stands beside the names of topics in a digest.
        """
        known = [stories[one] for one in post.stories if one in stories]
        if not known and post.kind is not PostKind.NOTICE:
            return None
        chosen, reply = post.subscription, self._reply(post, known, sparklines)
        return Message(
            post.chat,
            replace(reply, clock=_clock(post)),
            post.key,
            silent=bool(chosen and chosen.silent),
            picture=chosen is None or chosen.picture,
            role=chosen.role if chosen and post.kind is not PostKind.NOTICE else "",
            threads=bool(chosen and chosen.threads and len(reply.cards) == 1),
            since=post.since,
        )

    def _reply(self, post: Post, stories: Sequence[Story], sparklines: Mapping[str, str]) -> Reply:
        if post.kind is PostKind.NOTICE:
            return Reply("notice", text=(post.text,), buttons=self._resume_button(post))
        told = without_repeats(stories)
        if len(told) > 1:  # also when a digest's message is edited
            return digest(told, self.names, sparklines)
        story = told[0]
        template = post.subscription.template if post.subscription else STANDARD
        has_picture = post.subscription is None or post.subscription.picture
        card = self._laid_out(self.names.card(story), template, has_picture=has_picture)
        is_read = PostField.READ not in template.hidden
        return Reply("post", cards=(card,), buttons=self._buttons(story) if is_read else ())

    def _laid_out(self, card: Card, template: PostTemplate, *, has_picture: bool) -> Card:
        """Returns a card as a template has it; a template that cannot be read costs no post."""
        if template == STANDARD:
            return card
        try:
            return replace(card, layout=lay_out(card, template, has_picture=has_picture))
        except TemplateError as error:
            log.warning("a post goes without its template: %s", error)
            return card

    def _resume_button(self, post: Post) -> tuple[Button, ...]:
        """Makes the button that resumes the chat of a notice, where that can help."""
        one = post.subscription
        if one is None or not one.paused or one.paused.startswith(UNRESUMABLE):
            return ()
        resume = Action("subscriptions", (("resume", "on"), ("chat", one.chat.id)))
        return (Button(self.names.words.gettext("Resume"), resume),)

    def _buttons(self, story: Story) -> tuple[Button, ...]:
        """The ways to read the story in the chat, and to see how its event went on.

        Where there is more to read than the card shows, and where others tell of it.
        """
        _ = self.names.words.gettext
        read = Button(_("Read"), _read(story), Role.READ, None)
        timeline = Action("story", (("story", story.id),))
        went_on = Button(_("How it went on"), timeline, Role.TIMELINE)
        return (*((read,) if story.paragraphs else ()), *((went_on,) if story.told_by else ()))


def _clock(post: Post) -> LocalClock | None:
    """Returns the clock of the chat that a post goes to, as it was when it subscribed."""
    return LocalClock(post.subscription.timezone, is_own=False) if post.subscription else None
