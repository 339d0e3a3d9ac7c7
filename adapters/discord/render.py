"""Replies as Discord shows them.

Stories are embeds: nobody is called by what stands in one, whatever it says, and they hold more
than Discord's newer layout of texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import discord

from adapters.discord.markdown import (
    JOINER,
    bold,
    escaped,
    fitted,
    heading,
    label,
    linked,
    marked,
    plain,
    small,
    units,
)
from bot.dates import published
from bot.i18n import Translations
from bot.model import Paragraph, Story
from bot.reply import Card, Entry, Reply
from bot.text.urls import is_web_url

_ADDRESS = 2_048
_LINE, _NAMED_SOURCE = 120, 100  # units of a headline, and of a source's name
_LINK = 500  # units of an address that may stand behind a headline


def named(cards: Sequence[Card], words: Translations, room: int) -> str:
    """A line for each story, as far as there is room, and how many are left out."""
    told = ""
    lines: list[str] = []
    for count, card in enumerate(cards, 1):
        lines.append(_line(card))
        longer = "\n".join((*lines, *_left(len(cards) - count, words)))
        if units(longer) > room:
            break
        told = longer
    return told


def _line(card: Card) -> str:
    """A story in one line: `• Headline — The Wire`."""
    title, url = card.story.title, web_page(card.story.url)
    if url and units(url) <= _LINK:
        headline = linked(fitted(title, _LINE, label), url)
    else:
        headline = fitted(title, _LINE, heading)
    source = fitted(card.source, _NAMED_SOURCE, heading)
    return "• " + " — ".join(filter(None, (headline, source)))


def _left(count: int, words: Translations) -> Sequence[str]:
    told = words.ngettext("… and {count} more", "… and {count} more", count)
    return [small(told.format(count=count))] if count else []


def web_page(url: str | None) -> str | None:
    """An address that Discord takes and that leads to a web page; None for any other."""
    if not url or units(url) > _ADDRESS or any(sign.isspace() for sign in url):
        return None
    return url if is_web_url(url) else None


CONTENT, DESCRIPTION, TITLE = 2_000, 4_096, 256
"""Characters (https://docs.discord.com/developers/resources/message#embed-object-embed-limits)."""

ALL_EMBEDS = 6_000
"""Characters of all embeds of a message together."""

_NAME, _TOPICS, _SUMMARY = 100, 150, 600
_COLOUR = 0x1F6FEB
_EMBEDS = 10
_MORE = 1_600  # units that are left to such lines, if there are any
_ROOM = 5_800  # for stories; the rest is for what counts that nobody sees
_ROLE = re.compile(rf"<{JOINER}@&(?P<id>\d{{15,20}})>")
_ABOUT_ROLES = frozenset({"settings", "subscribe", "subscriptions"})
"""Commands whose replies say which role is meant, in words of moderators alone."""


@dataclass(frozen=True, slots=True)
class RenderContext:
    """How replies are shown.

    Attributes:
        words: The bot's own words.
        zone: The time zone that dates are shown in.
    """

    words: Translations
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A reply as a message.

    Attributes:
        content: What stands above the embeds.
        embeds: The stories, or another list.
    """

    content: str
    embeds: tuple[discord.Embed, ...] = ()

    def without_links(self) -> RenderedMessage:
        """The same without what Discord may refuse although it looks right: addresses."""
        return RenderedMessage(self.content, tuple(_without_links(embed) for embed in self.embeds))


def render(reply: Reply, render_context: RenderContext) -> RenderedMessage:
    """What a reply looks like."""
    embeds = tuple(_embeds(reply, render_context))
    head = _head(reply, render_context)
    if reply.pages > 1 and not reply.body:
        head = "\n".join(filter(None, (head, small(_page(reply, render_context)))))
    if reply.command in _ABOUT_ROLES:
        head = _ROLE.sub(r"<@&\g<id>>", head)
    if not head and not embeds:
        head = render_context.words.gettext("There is nothing to show.")
    return RenderedMessage(head, embeds)


def _without_links(embed: discord.Embed) -> discord.Embed:
    bare = embed.copy()
    bare.url = None
    return bare.set_image(url=None).set_thumbnail(url=None)


def _page(reply: Reply, render_context: RenderContext) -> str:
    page = render_context.words.gettext("Page {page} of {pages}")
    return page.format(page=reply.page, pages=reply.pages)


def _head(reply: Reply, render_context: RenderContext) -> str:
    """The heading and what the bot says in its own words, which may quote the reader's."""
    room = CONTENT - units(_page(reply, render_context)) - 8
    blocks = [bold(fitted(reply.title, TITLE, heading))]
    blocks += [small(fitted(note, _SUMMARY, heading)) for note in reply.notes]
    head = "\n".join(filter(None, blocks))
    texts = [fitted(text, room // 2, _own).strip() for text in reply.text]
    shown = ""
    for part in filter(None, (head, *texts)):
        joined = f"{shown}\n\n{part}" if shown else part
        if units(joined) > room:
            break
        shown = joined
    return shown


def _own(text: str) -> str:
    return escaped(text, links=False)


def _embeds(reply: Reply, render_context: RenderContext) -> Iterator[discord.Embed]:
    if reply.body and reply.cards:
        yield from _story(reply, reply.cards[0], render_context)
    elif reply.more:
        yield from _digest(reply, render_context)
    else:
        yield from _cards(reply.cards, render_context, _ROOM)
    if reply.entries and not reply.cards:
        lines = [_entry(entry, reply) for entry in reply.entries]
        for text in _filled(lines, "\n", _ROOM):
            yield discord.Embed(description=text, colour=_COLOUR)


def _cards(
    cards: Sequence[Card], render_context: RenderContext, room: int
) -> Iterator[discord.Embed]:
    share = room // max(1, len(cards))
    return (_card(card, render_context, share) for card in cards)


def _digest(reply: Reply, render_context: RenderContext) -> Iterator[discord.Embed]:
    """Cards, and one embed more in which stories are named."""
    cards = reply.cards[: _EMBEDS - 1]
    more = (*reply.cards[_EMBEDS - 1 :], *reply.more)
    embeds = list(_cards(cards, render_context, _ROOM - _MORE))
    yield from embeds
    room = _ROOM - sum(_length(embed) + units(embed.description or "") for embed in embeds)
    if told := named(more, render_context.words, min(room, DESCRIPTION)):
        yield discord.Embed(description=told, colour=_COLOUR)


def _card(card: Card, render_context: RenderContext, share: int) -> discord.Embed:
    embed = _about(card, share)
    about = _lead(card, render_context, share)
    room = min(_SUMMARY, share - _length(embed) - units(about) - 1)
    told = fitted(card.story.summary, room) if card.snippet is None else _found(card, room)
    embed.description = "\n".join(filter(None, (about, told.strip())))
    if card.number is None:
        return _pictured(embed, card.story)
    return _pictured(embed, card.story, thumbnail=True)


def _length(embed: discord.Embed) -> int:
    """What counts of an embed that has no description yet."""
    return sum(units(text or "") for text in (embed.title, embed.author.name, embed.footer.text))


def _found(card: Card, room: int) -> str:
    """The piece of the story that was searched for, its words marked."""
    found = card.snippet
    if found is None:
        return ""
    shown = marked(found.text, found.marks)
    return shown if units(shown) <= room else fitted(found.text, room)


def _story(reply: Reply, card: Card, render_context: RenderContext) -> Iterator[discord.Embed]:
    """A page of a story that is read; a second embed takes what the first has no room for."""
    embed = _about(card, _ROOM)
    lines = [_paragraph(paragraph) for paragraph in reply.body]
    if reply.page == 1:
        lines.insert(0, _lead(card, render_context, _ROOM))
        _pictured(embed, card.story)
    texts = _filled(lines, "\n\n", _ROOM - _length(embed) - _NAME)
    embeds = [embed, *(discord.Embed(colour=_COLOUR) for _ in texts[1:])]
    for one, text in zip(embeds, texts, strict=False):
        one.description = text
    if reply.pages > 1:
        topics = embed.footer.text
        embed.remove_footer()
        embeds[-1].set_footer(text=" · ".join(filter(None, (_page(reply, render_context), topics))))
    yield from embeds


def _about(card: Card, share: int) -> discord.Embed:
    """Whose story it is, what it is called, and where it stands; `share` is its room."""
    story = card.story
    number = f"{card.number}. " if card.number else ""
    title = number + fitted(story.title, min(TITLE, share * 2 // 5) - len(number), heading)
    embed = discord.Embed(title=title, url=web_page(story.url), colour=_COLOUR)
    if source := fitted(card.source, min(_NAME, share // 9), plain):
        embed.set_author(name=source)
    if topics := fitted(" · ".join(story.topics), min(_TOPICS, share // 6), plain):
        embed.set_footer(text=topics)
    return embed


def _lead(card: Card, render_context: RenderContext, share: int) -> str:
    """What stands above the text: the card's heading, and where and when."""
    above = small(bold(fitted(card.heading, min(_NAME, share // 9), heading)))
    return "\n".join(filter(None, (above, _dateline(card, render_context, share))))


def _dateline(card: Card, render_context: RenderContext, share: int) -> str:
    """Where and when: `OSAKA · 3 days ago · MU.`, in the reader's own time and language."""
    story = card.story
    when = f"<t:{int(story.published.timestamp())}:R>"
    if story.date_only:
        when = escaped(published(story, render_context.zone, render_context.words.language))
    byline = story.byline if card.number is None else ""
    room = min(_NAME, share // 9)
    place, writer = (fitted(part, room, heading) for part in (story.place, byline))
    return " · ".join(filter(None, (place, when, writer)))


def _paragraph(paragraph: Paragraph) -> str:
    text = escaped(paragraph.text).strip()
    return bold(text) if paragraph.heading else text


def _pictured(embed: discord.Embed, story: Story, *, thumbnail: bool = False) -> discord.Embed:
    if picture := web_page(story.image):
        return embed.set_thumbnail(url=picture) if thumbnail else embed.set_image(url=picture)
    return embed


def _entry(entry: Entry, reply: Reply) -> str:
    name = bold(fitted(entry.name, TITLE, heading))
    line = f"{name} — {fitted(entry.text, TITLE, heading)}" if entry.text else name
    if reply.command in _ABOUT_ROLES:
        # The only mentions that are let be: they are the moderators' own, and call nobody here.
        line = _ROLE.sub(r"<@&\g<id>>", line)
    return line


def _filled(lines: Sequence[str], between: str, room: int) -> list[str]:
    """Lines in texts that each fit an embed; what does not fit the message is left out."""
    texts = [""]
    for line in filter(None, lines):
        joined = f"{texts[-1]}{between}{line}" if texts[-1] else line
        if sum(map(units, texts[:-1])) + units(joined) > room:
            break
        if units(joined) > DESCRIPTION:
            texts.append(line)
        else:
            texts[-1] = joined
    return [text for text in texts if text]
