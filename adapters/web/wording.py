"""The words of the pages: what templates say, by short names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.i18n import N_, Translations

_LABELS: Mapping[str, str] = {
    "skip": N_("Skip to the stories"),
    "latest": N_("Latest stories"),
    "topics": N_("Topics"),
    "sources": N_("Sources"),
    "archive": N_("Archive"),
    "search": N_("Search"),
    "search_hint": N_("Search the stories"),
    "sections": N_("Sections"),
    "in_the_news": N_("In the news"),
    "rising": N_("rising"),
    "more_stories": N_("More stories"),
    "how_it_went_on": N_("How it went on"),
    "related": N_("Related stories"),
    "newer": N_("Newer stories"),
    "older": N_("Older stories"),
    "pages": N_("Pages"),
    "previous_page": N_("Previous page"),
    "next_page": N_("Next page"),
    "empty": N_("No stories match that."),
    "nothing_yet": N_("There are no stories yet."),
    "try_else": N_("Try instead"),
    "feeds": N_("Feeds"),
    "this_story": N_("This story"),
    "languages": N_("Languages"),
    "summary_only": N_("This is a summary."),
    "not_found": N_("There is no such page"),
    "not_found_text": N_("The address may be mistyped. Look for the story by its words."),
    "gone": N_("This story is no longer kept"),
    "gone_text": N_("It was here, but this desk lets old stories go."),
    "busy": N_("A moment, please"),
    "busy_text": N_("There is a lot to do right now. Try again in a few seconds."),
    "failed": N_("Something went wrong"),
    "failed_text": N_("The page could not be made. It is in the log now."),
    "search_help": N_(
        "Type what you remember. Typos, unfinished words and whole questions are fine, "
        "and the best match comes first."
    ),
    "picture": N_("Picture of the story"),
    "home": N_("Front page"),
}


@lru_cache(16)
def labels(words: Translations) -> Mapping[str, str]:
    """Returns the words of the pages in a language, by their short names."""
    return {name: words.gettext(text) for name, text in _LABELS.items()}
