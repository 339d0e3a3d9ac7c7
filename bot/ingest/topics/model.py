"""Names that stories are about, how often, and what moderators decide of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class NameKind(IntEnum):
    """Kinds of names, by where they come from."""

    CATEGORY = 0  # what the story's source puts it under
    NAME = 1  # a person, a place, an organisation, a thing
    PHRASE = 2  # words that recur: `vaccine`, `cloud services`


@dataclass(frozen=True, slots=True)
class StoryName:
    """A name that a story is about.

    Attributes:
        key: The name as it is compared; see `bot.text.name_keys`.
        form: The name as the story writes it.
        kind: Where it comes from.
        weight: How much the story is about it, in mentions.
        short: Keys of other names that mean it in this story: `kono` for `taro kono`.
    """

    key: str
    form: str
    kind: NameKind = NameKind.NAME
    weight: int = 1
    short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameCount:
    """The number of stories that are about a name, in one of its forms.

    Attributes:
        key: The name's key.
        form: The form.
        kind: The most certain kind that it has.
        stories: How many stories.
        place: The best place that it has among the names of a story, from 0.
        newest: The number of its newest story; a higher one was written later.
        means: The key of what it means in these stories; empty when it means itself.
    """

    key: str
    form: str
    kind: NameKind
    stories: int
    place: int = 0
    newest: int = 0
    means: str = ""


@dataclass(frozen=True, slots=True)
class NameCounts:
    """The names of the newest stories.

    Attributes:
        stories: How many stories these are.
        names: The names, with their counts.
    """

    stories: int
    names: tuple[NameCount, ...] = ()


class EditKind(StrEnum):
    """Decisions of moderators about found topics."""

    HIDE = "hide"
    RENAME = "rename"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class TopicEdit:
    """A moderator's decision, which outlives the topic.

    Attributes:
        key: The key of the name that it is about.
        kind: What was decided.
        value: The new name, or the key of the topic that it is merged into; empty to hide it.
        topic: What the topic was called whose name it is.
    """

    key: str
    kind: EditKind
    value: str = ""
    topic: str = ""
