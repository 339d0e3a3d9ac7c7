"""Keyboard choices: the buttons of a reply as keys to type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, groupby

from bot.i18n import Translations
from bot.reply import Action, Button, Reply, Role

TURNS = {Role.NEXT: "n", Role.PREVIOUS: "p", Role.BACK: "b"}
"""The letters that turn pages, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Something to choose.

    Attributes:
        key: The number or letter that chooses it.
        label: Its label where it stands alone.
        action: The action it asks for.
        role: The role of its button; None for a line of a list that is not of stories.
    """

    key: str
    label: str
    action: Action
    role: Role | None


@dataclass(frozen=True, slots=True)
class Picks:
    """All that can be chosen at one moment.

    Attributes:
        items: The choices in the order in which they are shown.
        listed: True when stories can be named by number, also those that earlier pages showed.
    """

    items: tuple[Pick, ...] = ()
    listed: bool = False

    def get(self, key: str) -> Pick | None:
        """Returns the choice of a key, if there is one."""
        return next((choice for choice in self.items if choice.key == key), None)


def choices(reply: Reply) -> Picks:
    """Returns the choices that a reply offers.

    A story's number reads it and the lines of another list are counted from 1, so that both match
    what is seen; offers are numbered after them.
    """
    read = [_choice(b, str(b.number)) for b in reply.buttons if _opens_story(b)]
    numbered = zip(reply.entries, entry_keys(reply), strict=True)
    entries = [Pick(key, e.name, e.action, None) for e, key in numbered if e.action]
    turns = [
        _choice(b, key) for role, key in TURNS.items() for b in reply.buttons if b.role is role
    ]
    offers = [b for b in reply.buttons if b.role not in TURNS and not _opens_story(b)]
    first = max([_highest(reply), *(int(one.key) for one in entries)]) + 1
    offered = [_choice(button, str(number)) for number, button in enumerate(offers, first)]
    listed = any(card.number for card in reply.cards) or any(
        button.role is Role.BACK for button in reply.buttons
    )
    return Picks((*read, *entries, *turns, *offered), listed)


def entry_keys(reply: Reply) -> list[str]:
    """Numbers the entries; an empty text for those that cannot be chosen."""
    numbers = count(_highest(reply) + 1)
    return [str(entry.number or next(numbers)) if entry.action else "" for entry in reply.entries]


def group_keys(at_hand: Picks, translations: Translations) -> list[tuple[str, str]]:
    """Groups keys that do the same: `1–5` and `read`."""
    _ = translations.gettext
    names = {
        Role.READ: _("read"),
        Role.NEXT: _("next"),
        Role.PREVIOUS: _("previous"),
        Role.BACK: _("back to the list"),
        None: _("choose"),
    }
    groups: list[tuple[str, str]] = []
    for role, alike in groupby(at_hand.items, key=lambda choice: choice.role):
        found = list(alike)
        if role not in names:
            groups.extend((choice.key, choice.label) for choice in found)
        else:
            groups.append((_ranges([choice.key for choice in found]), names[role]))
    return groups


def _opens_story(button: Button) -> bool:
    return button.role is Role.READ and button.number is not None


def _choice(button: Button, key: str) -> Pick:
    return Pick(key, button.label, button.action, button.role)


def _highest(reply: Reply) -> int:
    """Returns the highest number of a story of the reply; 0 for none."""
    numbers: Iterable[int | None] = (
        *(card.number for card in reply.cards),
        *(button.number for button in reply.buttons),
    )
    return max((number for number in numbers if number is not None), default=0)


def _ranges(keys: Sequence[str]) -> str:
    """Joins numbers that follow each other as ranges: `1–5, 8`."""
    if not all(key.isdigit() for key in keys):
        return ", ".join(keys)
    runs: list[list[int]] = []
    for number in map(int, keys):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
