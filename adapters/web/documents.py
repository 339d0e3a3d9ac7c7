"""Metadata of a page for programs: schema.org's NewsArticle, the card of a link, oEmbed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.web.render import View
from adapters.web.teasers import LONGEST_HEADLINE, MOST_TOPICS, clip
from bot.model import Story
from bot.posting.page_links import story_path
from bot.text.urls import is_web_url
from bot.web.model import StoryPage

_CONTEXT = "https://schema.org"
_LONGEST_DESCRIPTION = 300


def canonical(view: View, story: Story, page: int = 1) -> str:
    """Returns the address that search engines are to know a story, or a page of it, by."""
    own = view.public(story_path(story))
    return web_address(story.url) or (f"{own}?page={page}" if page > 1 else own)


def web_address(url: str | None) -> str:
    """Returns an address that a page may lead to; empty for any other."""
    return url if url and is_web_url(url) else ""


def describe(text: str) -> str:
    """Returns the beginning of a text, as the card of a link shows it."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_DESCRIPTION:
        return line
    return line[: _LONGEST_DESCRIPTION - 1].rstrip() + "…"


def news_article(view: View, page: StoryPage) -> Mapping[str, Any]:
    """Returns a story as a NewsArticle (https://schema.org/NewsArticle)."""
    story = page.story
    told = {
        "@context": _CONTEXT,
        "@type": "NewsArticle",
        "headline": clip(story.title, LONGEST_HEADLINE),
        "url": view.public(story_path(story)),
        "mainEntityOfPage": canonical(view, story),
        "datePublished": view.moment(story),
        "description": describe(story.summary),
        "inLanguage": story.language,
        "keywords": list(story.topics[:MOST_TOPICS]),
        "image": web_address(story.image),
        "contentLocation": {"@type": "Place", "name": story.place} if story.place else "",
        "author": {"@type": "Person", "name": story.byline} if story.byline else "",
        "publisher": {"@type": "Organization", "name": page.card.source},
        "isBasedOn": web_address(story.url),
    }
    return {name: value for name, value in told.items() if value}


def website(view: View) -> Mapping[str, Any]:
    """Returns the site with its search (https://schema.org/SearchAction)."""
    target = view.public("/search?q={words}")
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": view.site.name,
        "url": view.public("/"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": target,
            "query-input": "required name=words",
        },
    }


def embed(view: View, story: Story) -> Mapping[str, Any]:
    """Returns what https://oembed.com wants to know of a story's page."""
    return {
        "version": "1.0",
        "type": "link",
        "title": story.title,
        "author_name": story.byline or view.source_name(story.source),
        "provider_name": view.site.name,
        "provider_url": view.public("/"),
        "cache_age": 3_600,
        "url": view.public(story_path(story)),
    }
