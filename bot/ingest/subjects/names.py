"""The subjects: what they are called in the table of weights, and to readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.i18n import N_
from bot.model import Topic

SUBJECTS = {
    "world": N_("World"),
    "politics": N_("Politics"),
    "business": N_("Business"),
    "technology": N_("Technology"),
    "science": N_("Science"),
    "health": N_("Health"),
    "sports": N_("Sports"),
    "entertainment": N_("Entertainment"),
}
"""The English name of each subject, by its key."""


def with_subjects(topics: Sequence[Topic], gettext: Callable[[str], str]) -> tuple[Topic, ...]:
    """Returns topics, and behind them one for each subject, named in the bot's language.

    A topic that bears a subject's name already has the stories of that subject, too.
    """
    subjects = {gettext(name).casefold(): key for key, name in SUBJECTS.items()}
    known = [replace(topic, subject=subjects.pop(topic.key, "")) for topic in topics]
    names = map(gettext, SUBJECTS.values())
    new = [
        Topic(name, subject=subjects[name.casefold()])
        for name in names
        if name.casefold() in subjects
    ]
    return (*known, *new)
