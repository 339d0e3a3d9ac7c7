"""The tables of a store in the order in which they are copied, and the keys of their rows."""

from __future__ import annotations

from typing import NamedTuple


class CopiedTable(NamedTuple):
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
    CopiedTable("meta", ("name",)),
    CopiedTable("sources", ("id",)),
    CopiedTable("stories", ("row",), "row"),
    # A trigger fills the next two while stories are copied; what differs then is put right.
    CopiedTable("story_sources", ("source", "published", "story")),
    CopiedTable("story_counts", ("source",)),
    CopiedTable("story_copies", ("source", "key")),
    CopiedTable("story_addresses", ("address", "published", "story")),
    CopiedTable("story_keys", ("story",)),
    CopiedTable("story_edges", ("source",)),
    CopiedTable("story_vectors", ("made",), "made"),
    CopiedTable("story_names", ("name", "story")),
    CopiedTable("words", ("word",)),
    CopiedTable("forgotten", ("source", "key")),
    CopiedTable("topics", ("row",), "row"),
    CopiedTable("story_topics", ("topic", "published", "story")),
    CopiedTable("topic_names", ("name",)),
    CopiedTable("topic_edits", ("row",), "row"),
    CopiedTable("event_stories", ("story",)),
    CopiedTable("event_decisions", ("story", "other")),
    CopiedTable("subscriptions", ("id",), "id"),
    CopiedTable("outbox", ("row",), "row"),
    CopiedTable("steady_offsets", ("platform",)),
    CopiedTable("websub", ("callback",)),
    CopiedTable("added_sources", ("id",)),
    CopiedTable("paused_sources", ("id",)),
    CopiedTable("shown", ("chat", "person")),
    CopiedTable("actions", ("token",)),
    CopiedTable("settings", ("chat", "name")),
    CopiedTable("notes", ("name",)),
    CopiedTable("looks", ("person",)),
    CopiedTable("places", ("chat",)),
    CopiedTable("audit", ("row",), "row"),
    CopiedTable("login_links", ("key",)),
    CopiedTable("login_sessions", ("key",)),
    CopiedTable("api_tokens", ("key",)),
)
"""All of them but those that a database makes of the others, such as its full-text index."""
