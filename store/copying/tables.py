"""The tables of a store in the order in which they are copied, and the keys of their rows."""

from __future__ import annotations

from typing import NamedTuple


class Table(NamedTuple):
    """A table.

    Attributes:
        name: Its name.
        key: The columns by which its rows are told apart and ordered.
        number: The column that the database numbers by itself; empty for none.
    """

    name: str
    key: tuple[str, ...]
    number: str = ""


TABLES = (
    Table("meta", ("name",)),
    Table("sources", ("id",)),
    Table("stories", ("row",), "row"),
    # A trigger fills the next two while stories are copied; what differs then is put right.
    Table("story_sources", ("source", "published", "story")),
    Table("story_counts", ("source",)),
    Table("story_copies", ("source", "key")),
    Table("story_addresses", ("address", "published", "story")),
    Table("story_keys", ("story",)),
    Table("story_edges", ("source",)),
    Table("story_vectors", ("made",), "made"),
    Table("story_names", ("name", "story")),
    Table("words", ("word",)),
    Table("forgotten", ("source", "key")),
    Table("topics", ("row",), "row"),
    Table("story_topics", ("topic", "published", "story")),
    Table("topic_names", ("name",)),
    Table("topic_edits", ("row",), "row"),
    Table("event_stories", ("story",)),
    Table("event_decisions", ("story", "other")),
    Table("subscriptions", ("id",), "id"),
    Table("outbox", ("row",), "row"),
    Table("steady_offsets", ("platform",)),
    Table("websub", ("callback",)),
    Table("added_sources", ("id",)),
    Table("paused_sources", ("id",)),
    Table("shown", ("chat", "person")),
    Table("actions", ("token",)),
    Table("settings", ("chat", "name")),
    Table("notes", ("name",)),
    Table("looks", ("person",)),
    Table("places", ("chat",)),
    Table("audit", ("row",), "row"),
    Table("login_links", ("key",)),
    Table("login_sessions", ("key",)),
    Table("api_tokens", ("key",)),
)
"""All of them but those that a database makes of the others, such as its full-text index."""
