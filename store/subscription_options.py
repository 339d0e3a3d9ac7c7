"""Filters and templates of subscriptions, as they stand among a row's options."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.post_layout import PicturePlace
from bot.subscriptions.post_template import STANDARD, PostField, PostTemplate
from bot.subscriptions.story_filters import NO_FILTERS, StoryFilters


def filter_values(filters: StoryFilters) -> dict[str, Any] | None:
    """The values of filters, for JSON; None for those that let everything through."""
    if filters == NO_FILTERS:
        return None
    return {
        "languages": filters.languages,
        "except": filters.except_sources,
        "length": filters.least_length,
        "title": filters.title,
        "without": filters.without,
        "age": filters.most_age and filters.most_age.total_seconds(),
    }


def to_filters(values: Mapping[str, Any] | None) -> StoryFilters:
    """The filters of values."""
    if not values:
        return NO_FILTERS
    age = values["age"]
    return StoryFilters(
        tuple(values["languages"]),
        tuple(values["except"]),
        values["length"],
        values["title"],
        values["without"],
        None if age is None else timedelta(seconds=age),
    )


def template_values(template: PostTemplate) -> dict[str, Any] | None:
    """The values of a template, for JSON; None for the standard one."""
    if template == STANDARD:
        return None
    return {
        "hidden": sorted(template.hidden),
        "prefix": template.prefix,
        "hashtags": template.hashtags,
        "text": template.text,
        "picture": template.picture,
        "boxed": template.is_boxed,
    }


def to_template(values: Mapping[str, Any] | None) -> PostTemplate:
    """The template of values."""
    if not values:
        return STANDARD
    return PostTemplate(
        frozenset(map(PostField, values["hidden"])),
        values["prefix"],
        values["hashtags"],
        values["text"],
        PicturePlace(values["picture"]),
        values["boxed"],
    )
