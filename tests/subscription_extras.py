"""Filters and templates of subscriptions, for tests of what keeps them."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from bot.post_layout import PicturePlace
from bot.posting.templates.presets import PRESETS
from bot.subscriptions.post_template import PostField, PostTemplate
from bot.subscriptions.story_filters import StoryFilters

_WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)

FILTERS = st.builds(
    StoryFilters,
    st.lists(st.sampled_from(["en", "ja", "pt-BR"]), max_size=2).map(tuple),
    st.lists(st.sampled_from(["wire", "other_2"]), max_size=2).map(tuple),
    st.integers(0, 9_999),
    _WORDS,
    _WORDS,
    st.none() | st.integers(1, 999).map(lambda hours: timedelta(hours=hours)),
)
POST_TEMPLATES = st.sampled_from([one.template for one in PRESETS.values()]) | st.builds(
    PostTemplate,
    st.sets(st.sampled_from(PostField)).map(frozenset),
    _WORDS,
    st.booleans(),
    st.sampled_from(["", "{title}", "**{title}**\n{?byline}“{byline}” 日本{/}"]),
    st.sampled_from(PicturePlace),
    st.booleans(),
)
