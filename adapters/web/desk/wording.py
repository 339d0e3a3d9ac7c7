"""The words of the desk's pages: what templates say, by short names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.i18n import N_, Translations
from bot.monitoring.model import Health

_LABELS: Mapping[str, str] = {
    "desk": N_("The desk"),
    "skip": N_("Skip to the page"),
    "site": N_("To the site"),
    "log_out": N_("Log out"),
    "pages": N_("Pages of the desk"),
    "health": N_("Status"),
    "subscriptions": N_("Subscriptions"),
    "sources": N_("Sources"),
    "chat": N_("Chat"),
    "private": N_("Private chat"),
    "choose": N_("Choose"),
    "show": N_("Show"),
    "send": N_("Send"),
    "save": N_("Save as a file"),
    "command": N_("A command, as in a chat"),
    "enter": N_("Log in at the desk"),
    "enter_text": N_("Press the button to log in on this device. The link works once."),
    "enter_button": N_("Log in"),
    "closed": N_("The desk is closed"),
    "closed_text": N_(
        "Operators and moderators get in by a link: send /desk to the bot in a private chat."
    ),
    "stale": N_("This link is no good any more"),
    "stale_text": N_(
        "Each works once, within ten minutes. Send /desk to the bot in a private chat for another."
    ),
    "forged": N_("That came from elsewhere"),
    "forged_text": N_(
        "The form was not sent by a page of this desk that you have open. Load the page again."
    ),
    "limited": N_("Too many tries"),
    "limited_text": N_("Wait a minute, and try again."),
    "refused": N_("Not there"),
    "process": N_("The bot"),
    "running": N_("Running since"),
    "not_running": N_("No chat platform is served right now."),
    "version": N_("Version"),
    "lag": N_("Longest lag of the last minute"),
    "stories": N_("Stories"),
    "chats": N_("Chats"),
    "last_day": N_("in the last day"),
    "paused": N_("paused"),
    "disk": N_("Disk"),
    "free": N_("free"),
    "posts": N_("Posts"),
    "platform": N_("Platform"),
    "waiting_now": N_("To be sent"),
    "oldest": N_("The oldest"),
    "later": N_("Scheduled"),
    "sent": N_("Sent since the start"),
    "digests": N_("Digests"),
    "edits": N_("Edits"),
    "retries": N_("Retries"),
    "failures": N_("Given up"),
    "given_up": N_("Given up in the last day"),
    "reason": N_("Reason"),
    "count": N_("Number"),
    "last": N_("Last"),
    "source": N_("Source"),
    "state": N_("State"),
    "last_look": N_("Last check"),
    "next_look": N_("Next check"),
    "newest": N_("Newest story"),
    "details": N_("Details"),
    "never": N_("never"),
    "add_source": N_("Add a source"),
    "add_source_hint": N_("The address of a feed, a page or a profile"),
    "follow": N_("Follow something"),
    "follow_hint": N_("A topic, a source or words; and when: daily 8:00"),
    "change": N_("Change"),
    "change_what": N_("When it is posted, or any option of /subscribe"),
    "change_hint": N_("daily 8:00 quiet:22-7"),
    "end": N_("End it"),
    "why_here": N_("Why here?"),
    "mend": N_("Its event"),
    "same": N_("A story that tells the same"),
    "same_hint": N_("A story: its link, or words from its title"),
    "newer": N_("Previous"),
    "older": N_("Next"),
    "picture": N_("The picture of what is told below"),
    "nothing": N_("There is nothing here."),
    "no_sources": N_("There are no sources."),
}
_HEALTH: Mapping[Health, str] = {
    Health.WELL: N_("well"),
    Health.NEW: N_("not checked yet"),
    Health.PAUSED: N_("paused"),
    Health.RESTING: N_("resting"),
    Health.FAILING: N_("failing"),
    Health.DEAD: N_("dead"),
}


@lru_cache(16)
def desk_labels(words: Translations) -> Mapping[str, str]:
    """Returns the words of the desk's pages in a language, by their short names."""
    return {name: words.gettext(text) for name, text in _LABELS.items()}


def health_label(health: Health, words: Translations) -> str:
    """Returns what the health of a source is called."""
    return words.gettext(_HEALTH[health])
