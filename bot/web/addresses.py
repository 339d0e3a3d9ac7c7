"""Addresses of the website's pages: paths, and the topics that they name."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from bot.chat.request import Services
from bot.model import Action, Topic

_SPACE = "_"


def topic_path(name: str) -> str:
    """Returns the path of a topic's page: `/topic/Osaka_Expo`."""
    return f"/topic/{quote(name.replace(' ', _SPACE), safe='')}"


def source_path(source: str) -> str:
    """Returns the path of a source's page."""
    return f"/source/{quote(source, safe='')}"


def search_path(words: str) -> str:
    """Returns the path of a search."""
    return f"/search?{urlencode({'q': words})}"


def named_topic(services: Services, text: str) -> Topic | None:
    """Returns the topic of a path, in any case of letters; None for none."""
    typed = text.replace(_SPACE, " ")
    found = services.topic(typed) or services.topic(text)
    if found or _SPACE not in text:
        return found
    wanted = typed.casefold()
    alike = (one for one in services.topics if one.key.replace(_SPACE, " ") == wanted)
    return next(alike, None)


def action_path(action: Action) -> str:
    """Returns the path of what a button of a reply asks for; empty where the site has no such."""
    options = dict(action.options)
    match action.command:
        case "search" if options.get("words"):
            return search_path(options["words"])
        case "topic" if options.get("name"):
            return topic_path(options["name"])
        case "topics":
            return "/topics"
        case "latest":
            return source_path(options["source"]) if options.get("source") else "/"
    return ""
