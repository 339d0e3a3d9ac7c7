"""The schema, as the list of steps that lead to it.

A step that has been released is never changed; a new one is added behind it.
"""

from __future__ import annotations

from store.schema_changes import (
    ALT_TEXTS,
    API_TOKENS,
    AUDIT,
    COMMITS,
    ENCLOSURES,
    EVENTS,
    FORGETTING,
    FOUND_TOPICS,
    HOLDUPS,
    LAST_LISTS,
    LOGINS,
    MESSAGES,
    OUTAGES,
    POLLING,
    RETENTION,
    SHARED_STORIES,
    SOURCE_EDITS,
    STEADY,
    STORY_EDGES,
    STORY_VECTORS,
    SUBJECTS,
    SUMMARIES,
    TITLES,
    TYPED_PREFIXES,
    VARIANTS,
    WEBSUB,
    Step,
)

APPLICATION_ID = 0x44544C4E
"""`DTLN`: marks a SQLite file as a Dateline store (https://www.sqlite.org/pragma.html)."""

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""

_STORIES: Step = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta VALUES ('revision', '0'), ('topics', '')",
    """
    CREATE TABLE sources (
        id TEXT PRIMARY KEY,
        loaded_at INTEGER,       -- times are microseconds since 1970, UTC
        succeeded_at INTEGER,
        signature TEXT NOT NULL,
        report TEXT NOT NULL     -- JSON
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE stories (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL,
        key TEXT NOT NULL,
        title TEXT NOT NULL,
        published INTEGER NOT NULL,
        seen INTEGER NOT NULL,   -- when it was first written
        date_only INTEGER NOT NULL,
        place TEXT NOT NULL,
        byline TEXT NOT NULL,
        url TEXT,
        image TEXT,
        categories TEXT NOT NULL,  -- JSON
        language TEXT NOT NULL,
        summary TEXT NOT NULL,
        body TEXT NOT NULL,      -- paragraphs, a blank line between them
        headings TEXT NOT NULL,  -- JSON: which of the paragraphs are subheadings
        title_grams TEXT NOT NULL,  -- of scripts without spaces: see `bot.text.tokenizer`
        grams TEXT NOT NULL,
        content TEXT NOT NULL,   -- digests, to tell whether the story changes
        text_only TEXT NOT NULL,
        revision INTEGER NOT NULL,  -- the write that it last came with
        UNIQUE (source, key)
    ) STRICT
    """,
    "CREATE INDEX stories_by_time ON stories (published, row, date_only)",
    "CREATE INDEX stories_by_source ON stories (source, published, row, date_only)",
    # Holds the titles, too, so that all of them are read without reading the stories.
    "CREATE INDEX stories_by_revision ON stories (revision, title)",
    """
    CREATE VIRTUAL TABLE stories_fts USING fts5 (
        title, place, body, title_grams, grams,
        content = 'stories', content_rowid = 'row',
        tokenize = "unicode61 remove_diacritics 2"
    )
    """,
    # The index follows the table by triggers: an external-content index that is written to by hand
    # gathers ghosts, and only its own integrity check sees them.
    """
    CREATE TRIGGER stories_added AFTER INSERT ON stories BEGIN
        INSERT INTO stories_fts (rowid, title, place, body, title_grams, grams)
        VALUES (new.row, new.title, new.place, new.body, new.title_grams, new.grams);
    END
    """,
    """
    CREATE TRIGGER stories_removed AFTER DELETE ON stories BEGIN
        INSERT INTO stories_fts (stories_fts, rowid, title, place, body, title_grams, grams)
        VALUES ('delete', old.row, old.title, old.place, old.body, old.title_grams, old.grams);
    END
    """,
    """
    CREATE TRIGGER stories_edited
    AFTER UPDATE OF title, place, body, title_grams, grams ON stories BEGIN
        INSERT INTO stories_fts (stories_fts, rowid, title, place, body, title_grams, grams)
        VALUES ('delete', old.row, old.title, old.place, old.body, old.title_grams, old.grams);
        INSERT INTO stories_fts (rowid, title, place, body, title_grams, grams)
        VALUES (new.row, new.title, new.place, new.body, new.title_grams, new.grams);
    END
    """,
    # Every word with the number of stories that hold it, and the revision that changed that last:
    # a vocabulary that was read once can follow without being read again.
    """
    CREATE TABLE words (
        word TEXT PRIMARY KEY,
        stories INTEGER NOT NULL,
        revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX words_by_revision ON words (revision, stories)",
    """
    CREATE TABLE topics (
        row INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        search TEXT,             -- as the full-text index takes it; NULL for none
        sources TEXT NOT NULL    -- JSON
    ) STRICT
    """,
    # A topic's stories lie in the order in which they are shown.
    """
    CREATE TABLE story_topics (
        topic INTEGER NOT NULL REFERENCES topics (row) ON DELETE CASCADE,
        published INTEGER NOT NULL,
        story INTEGER NOT NULL REFERENCES stories (row) ON DELETE CASCADE,
        PRIMARY KEY (topic, published, story)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX story_topics_by_story ON story_topics (story)",
    """
    CREATE TABLE shown (
        chat TEXT NOT NULL,
        person TEXT NOT NULL,
        at INTEGER NOT NULL,
        listing TEXT NOT NULL,   -- JSON
        PRIMARY KEY (chat, person)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX shown_by_time ON shown (at)",
    """
    CREATE TABLE actions (
        token TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        action TEXT NOT NULL     -- JSON
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX actions_by_time ON actions (at)",
    """
    CREATE TABLE settings (
        chat TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (chat, name)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

_POSTING: Step = (
    # Ended ones are kept for a while: whoever holds the others in memory has to hear of it.
    """
    CREATE TABLE subscriptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat TEXT NOT NULL,
        thread TEXT NOT NULL,
        house TEXT NOT NULL,     -- whose settings hold in the chat; empty for its own
        kind TEXT NOT NULL,
        what TEXT NOT NULL,
        timetable TEXT NOT NULL,
        zone TEXT NOT NULL,
        options TEXT NOT NULL,   -- JSON
        owner TEXT NOT NULL,
        made INTEGER NOT NULL,
        paused TEXT NOT NULL,    -- why; empty when it is not
        paused_at INTEGER,
        ended INTEGER,           -- when
        revision INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE UNIQUE INDEX subscriptions_by_chat ON subscriptions (chat, thread, kind, what)
    WHERE ended IS NULL
    """,
    "CREATE INDEX subscriptions_by_house ON subscriptions (house) WHERE ended IS NULL",
    "CREATE INDEX subscriptions_by_revision ON subscriptions (revision)",
    "INSERT INTO meta VALUES ('subscriptions', '0')",
    """
    CREATE TABLE outbox (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        platform TEXT NOT NULL,
        chat TEXT NOT NULL,
        thread TEXT NOT NULL,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        story TEXT NOT NULL,     -- its id; empty for a digest and a notice
        subscription INTEGER,
        also TEXT NOT NULL,      -- JSON: ids of the other subscriptions that it fits
        state TEXT NOT NULL,
        made INTEGER NOT NULL,
        due INTEGER NOT NULL,
        lease INTEGER,           -- until when a claim counts
        claimed INTEGER,         -- the first time since it last was certain that it had not arrived
        tries INTEGER NOT NULL DEFAULT 0,
        doubts INTEGER NOT NULL DEFAULT 0,   -- answers that were lost
        deaths INTEGER NOT NULL DEFAULT 0,   -- processes that died over it
        gathered INTEGER NOT NULL DEFAULT 0,
        digest INTEGER,          -- the row of the digest that it goes with
        text TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        done INTEGER,
        UNIQUE (chat, key)
    ) STRICT
    """,
    """
    CREATE INDEX outbox_unsent ON outbox (platform, chat, row, state, due)
    WHERE state IN ('due', 'sending')
    """,
    "CREATE INDEX outbox_waiting ON outbox (platform, due, chat, thread) WHERE state = 'waiting'",
    "CREATE INDEX outbox_by_digest ON outbox (digest) WHERE digest IS NOT NULL",
    "CREATE INDEX outbox_by_story ON outbox (story, state)",
    "CREATE INDEX outbox_by_subscription ON outbox (subscription, done)",
    "CREATE INDEX outbox_done ON outbox (done) WHERE done IS NOT NULL",
)

_LOOKS: Step = (
    # When each person last asked for what is new.
    "CREATE TABLE looks (person TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX stories_by_seen ON stories (seen, published, date_only)",
)

STEPS: tuple[Step, ...] = (
    _STORIES,
    (*_POSTING, *_LOOKS),
    TITLES,
    POLLING,
    COMMITS,
    OUTAGES,
    FORGETTING,
    VARIANTS,
    WEBSUB,
    STEADY,
    SHARED_STORIES,
    STORY_EDGES,
    ENCLOSURES,
    MESSAGES,
    SUMMARIES,
    STORY_VECTORS,
    SUBJECTS,
    EVENTS,
    FOUND_TOPICS,
    TYPED_PREFIXES,
    RETENTION,
    AUDIT,
    SOURCE_EDITS,
    LOGINS,
    ALT_TEXTS,
    HOLDUPS,
    API_TOKENS,
    LAST_LISTS,
)
