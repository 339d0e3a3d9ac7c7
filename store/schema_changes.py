"""Later steps of the schema: what was added to the first tables, in the order of the steps."""

from __future__ import annotations

Step = tuple[str, ...]

TITLES: Step = (
    "DROP INDEX stories_by_revision",
    "CREATE INDEX stories_by_revision ON stories (revision)",
    # In the order in which stories were added; all titles are read without reading the stories.
    "CREATE INDEX stories_titles ON stories (row, id, title)",
)

# What a poll asks of a source: its cost is not to grow with the stories that are kept.
POLLING: Step = (
    # By what a story is recognised under another key; digests of 64 bits, see store.dedup.
    """
    CREATE TABLE story_keys (
        story INTEGER PRIMARY KEY REFERENCES stories (row) ON DELETE CASCADE,
        title INTEGER NOT NULL,
        page INTEGER NOT NULL,   -- 0 for none, as of the text
        text INTEGER NOT NULL,
        page_text INTEGER NOT NULL,  -- both together
        published INTEGER NOT NULL
    ) STRICT
    """,
    """
    INSERT INTO story_keys
    SELECT row, title_key(source, title), page_key(source, url), text_key(source, text_only),
        page_text_key(source, url, text_only), published
    FROM stories
    """,
    "CREATE INDEX story_keys_by_title ON story_keys (title, published, page, text)",
    "CREATE INDEX story_keys_by_text ON story_keys (text, published) WHERE text <> 0",
    "CREATE INDEX story_keys_by_page ON story_keys (page, published) WHERE page <> 0",
    "CREATE INDEX story_keys_by_page_text ON story_keys (page_text) WHERE page_text <> 0",
    # How many stories each source has given.
    """
    CREATE TABLE story_counts (
        source TEXT PRIMARY KEY, stories INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO story_counts SELECT source, count(*) FROM stories GROUP BY source",
    """
    CREATE TRIGGER stories_counted AFTER INSERT ON stories BEGIN
        INSERT INTO story_counts VALUES (new.source, 1)
        ON CONFLICT (source) DO UPDATE SET stories = stories + 1;
    END
    """,
    """
    CREATE TRIGGER stories_uncounted AFTER DELETE ON stories BEGIN
        UPDATE story_counts SET stories = stories - 1 WHERE source = old.source;
    END
    """,
)

NEW_COUNT = "1 + abs(random() % (1 << 40))"
"""An expression for a count of transactions that no other file has; see `store.wal`."""

COMMITS: Step = (
    "CREATE TABLE commits (row INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT",
    f"INSERT INTO commits VALUES (1, {NEW_COUNT})",
)

OUTAGES: Step = (
    # Whether a post waits only because its platform has trouble.
    "ALTER TABLE outbox ADD COLUMN outage INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX outbox_paused ON outbox (made) WHERE state = 'paused'",
    "CREATE INDEX outbox_singles ON outbox (chat, done) WHERE state = 'sent' AND kind = 'story'",
)

FORGETTING: Step = (
    # Words that no story holds are kept until every reader has heard of it; those that went before
    # a revision are forgotten.
    "CREATE INDEX words_gone ON words (revision) WHERE stories = 0",
    "INSERT INTO meta VALUES ('words_forgotten', '0')",
)

VARIANTS: Step = (
    # Kana, widths and forms of ideographs are folded since, and initials of names are indexed.
    """
    UPDATE stories SET title_grams = grams(title), grams = index_terms(place || char(10) || body)
    WHERE title_grams <> grams(title) OR grams <> index_terms(place || char(10) || body)
    """,
)

WEBSUB: Step = (
    # Subscriptions of feeds at their hubs; see `bot.ingest.websub.model`.
    """
    CREATE TABLE websub (
        callback TEXT PRIMARY KEY,
        secret TEXT NOT NULL,
        source TEXT NOT NULL,
        hub TEXT NOT NULL,
        topic TEXT NOT NULL,
        phase TEXT NOT NULL,
        due INTEGER NOT NULL,
        granted INTEGER,         -- NULL until the hub verifies it
        lease INTEGER NOT NULL,  -- microseconds
        failures INTEGER NOT NULL,
        proven INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX websub_by_source ON websub (source, phase)",
)

STEADY: Step = (
    # When a story arrived by itself or may have: seconds that no setting of a clock changes. What
    # was sent before has the time of the wall clock, from which the others go on.
    "ALTER TABLE outbox ADD COLUMN arrived REAL",
    "UPDATE outbox SET arrived = done / 1e6 WHERE state = 'sent' AND kind = 'story'",
    "CREATE INDEX outbox_arrived ON outbox (platform, chat, arrived) WHERE arrived IS NOT NULL",
    # For each platform, what is added to a monotonic time to make it a steady one.
    """
    CREATE TABLE steady_offsets (
        platform TEXT PRIMARY KEY, epoch TEXT NOT NULL, seconds REAL NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

FILL_ADDRESSES = """
    INSERT OR IGNORE INTO story_addresses
    SELECT address, published, story FROM
        (SELECT link_address(url) AS address, published, row AS story FROM stories
        UNION ALL SELECT guid_address(key), published, row FROM stories)
    WHERE address <> 0 ORDER BY 1, 2, 3
"""
"""Keeps the addresses of all stories."""

# One story may come from several sources: the first owns its text.
SHARED_STORIES: Step = (
    # All sources of each story, in the order in which a source's stories are shown.
    """
    CREATE TABLE story_sources (
        source TEXT NOT NULL,
        published INTEGER NOT NULL,
        story INTEGER NOT NULL REFERENCES stories (row) ON DELETE CASCADE,
        PRIMARY KEY (source, published, story)
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO story_sources SELECT source, published, row FROM stories ORDER BY 1, 2, 3",
    "CREATE INDEX story_sources_by_story ON story_sources (story, source)",
    """
    CREATE TRIGGER stories_sourced AFTER INSERT ON stories BEGIN
        INSERT INTO story_sources VALUES (new.source, new.published, new.row);
    END
    """,
    """
    CREATE TRIGGER stories_redated AFTER UPDATE OF published ON stories
    WHEN new.published <> old.published BEGIN
        UPDATE story_sources SET published = new.published WHERE story = new.row;
    END
    """,
    # A story as a source gives it that is not its first.
    """
    CREATE TABLE story_copies (
        source TEXT NOT NULL,
        key TEXT NOT NULL,
        story INTEGER NOT NULL REFERENCES stories (row) ON DELETE CASCADE,
        title TEXT NOT NULL,
        published INTEGER NOT NULL,
        url TEXT,
        content TEXT NOT NULL,
        text_only TEXT NOT NULL,
        sketch BLOB NOT NULL,
        PRIMARY KEY (source, key)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX story_copies_by_story ON story_copies (story, source)",
    # Pages and guids that are the same whatever source names them; digests as in story_keys.
    """
    CREATE TABLE story_addresses (
        address INTEGER NOT NULL,
        published INTEGER NOT NULL,
        story INTEGER NOT NULL REFERENCES stories (row) ON DELETE CASCADE,
        PRIMARY KEY (address, published, story)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX story_addresses_by_story ON story_addresses (story)",
    FILL_ADDRESSES,
    "DROP INDEX story_keys_by_page_text",
    "ALTER TABLE story_keys DROP COLUMN page_text",
    # What of a story's text is compared loosely, and why it was taken for what it is.
    "ALTER TABLE story_keys ADD COLUMN sketch BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE story_keys ADD COLUMN evidence TEXT NOT NULL DEFAULT ''",
    "DROP TRIGGER stories_counted",
    "DROP TRIGGER stories_uncounted",
    """
    CREATE TRIGGER stories_counted AFTER INSERT ON story_sources BEGIN
        INSERT INTO story_counts VALUES (new.source, 1)
        ON CONFLICT (source) DO UPDATE SET stories = stories + 1;
    END
    """,
    """
    CREATE TRIGGER stories_uncounted AFTER DELETE ON story_sources BEGIN
        UPDATE story_counts SET stories = stories - 1 WHERE source = old.source;
    END
    """,
)

STORY_EDGES: Step = (
    # How the newest stories of each source begin and end; see `bot.ingest.boilerplate`.
    "CREATE TABLE story_edges (source TEXT PRIMARY KEY, edges TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

ENCLOSURES: Step = (
    # Recordings and the like: JSON, as `store.codec` writes it.
    "ALTER TABLE stories ADD COLUMN enclosures TEXT NOT NULL DEFAULT '[]'",
)

# `quiet` means quiet hours alone; the setting of that name is its opposite now.
MESSAGES: Step = (
    """
    INSERT INTO settings (chat, name, value)
    SELECT chat, 'messages', 'off' FROM settings WHERE name = 'quiet' AND value = 'on'
    ON CONFLICT DO NOTHING
    """,
    "DELETE FROM settings WHERE name = 'quiet'",
)

SUMMARIES: Step = (
    # What the publisher gave as its summary, and how the one that readers see was made; empty for
    # one of before that was known, which may be the publisher's own.
    "ALTER TABLE stories ADD COLUMN given_summary TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE stories ADD COLUMN summary_method TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX stories_by_summary_method ON stories (summary_method)",
)

STORY_VECTORS: Step = (
    # What stories mean, as vectors of bytes; see `bot.search.meaning`. Numbered in the order in
    # which they were made, so that whoever holds them in memory can follow.
    """
    CREATE TABLE story_vectors (
        made INTEGER PRIMARY KEY AUTOINCREMENT,
        story INTEGER NOT NULL UNIQUE REFERENCES stories (row) ON DELETE CASCADE,
        model TEXT NOT NULL,
        vector BLOB NOT NULL     -- empty for a text that the model refuses
    ) STRICT
    """,
    "CREATE INDEX story_vectors_by_model ON story_vectors (model, story)",
    # A vector never outlives the text that it was made from.
    """
    CREATE TRIGGER story_vectors_outdated AFTER UPDATE OF title, summary ON stories
    WHEN new.title <> old.title OR new.summary <> old.summary BEGIN
        DELETE FROM story_vectors WHERE story = new.row;
    END
    """,
)

SUBJECTS: Step = (
    # The broad subjects of stories and how they were found; which topic stands for which subject.
    "ALTER TABLE stories ADD COLUMN subject TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE stories ADD COLUMN subject_method TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX stories_by_subject_method ON stories (subject_method)",
    "ALTER TABLE topics ADD COLUMN subject TEXT NOT NULL DEFAULT ''",
)

EVENTS: Step = (
    # Which stories tell of one event, and of one development of it; each is named by the id of its
    # first story. `follows` is 0 for one story of each development, the first that was put there.
    """
    CREATE TABLE event_stories (
        story INTEGER PRIMARY KEY REFERENCES stories (row) ON DELETE CASCADE,
        event TEXT NOT NULL,
        development TEXT NOT NULL,
        follows INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX event_stories_by_event ON event_stories (event)",
    "CREATE INDEX event_stories_by_development ON event_stories (development)",
    "CREATE INDEX event_followers ON event_stories (story) WHERE follows = 1",
    """
    CREATE TRIGGER event_stories_removed AFTER DELETE ON event_stories WHEN old.follows = 0 BEGIN
        UPDATE event_stories SET follows = 0 WHERE story =
            (SELECT rest.story FROM event_stories AS rest JOIN stories ON row = rest.story
             WHERE rest.development = old.development ORDER BY published, row LIMIT 1);
    END
    """,
    # What moderators decided: that a story is of one event with another, or of none.
    """
    CREATE TABLE event_decisions (
        story TEXT NOT NULL,
        other TEXT NOT NULL,
        together INTEGER NOT NULL,
        PRIMARY KEY (story, other)
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO meta VALUES ('events', '0'), ('events_method', '1')",
    # The post in a chat that tells of a story's event in its place.
    "ALTER TABLE outbox ADD COLUMN leader INTEGER",
    "CREATE INDEX outbox_by_leader ON outbox (leader) WHERE leader IS NOT NULL",
)

FOUND_TOPICS: Step = (
    # Where a topic comes from: `desk`, `source` or `found`; and the name that it was found as.
    "ALTER TABLE topics ADD COLUMN origin TEXT NOT NULL DEFAULT 'desk'",
    "ALTER TABLE topics ADD COLUMN main TEXT NOT NULL DEFAULT ''",
    # How a story's names were found; empty for one of before that was done.
    "ALTER TABLE stories ADD COLUMN names_method TEXT NOT NULL DEFAULT ''",
    # The names that the newest stories are about; see `bot.ingest.topics`.
    """
    CREATE TABLE story_names (
        name TEXT NOT NULL,      -- as it is compared
        story INTEGER NOT NULL REFERENCES stories (row) ON DELETE CASCADE,
        form TEXT NOT NULL,      -- as it is written
        kind INTEGER NOT NULL,
        place INTEGER NOT NULL,  -- among the story's names, the weightiest being 0
        means TEXT NOT NULL,     -- the name that it means in the story; empty for itself
        PRIMARY KEY (name, story)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX story_names_by_story ON story_names (story)",
    # The names that mean each topic.
    """
    CREATE TABLE topic_names (
        name TEXT PRIMARY KEY,
        topic INTEGER NOT NULL REFERENCES topics (row) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX topic_names_by_topic ON topic_names (topic)",
    # What moderators have decided of names.
    """
    CREATE TABLE topic_edits (
        row INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        topic TEXT NOT NULL,     -- the main name of the topic that it was decided of
        title TEXT NOT NULL,     -- what that topic was called then
        edit TEXT NOT NULL,      -- `hide`, `rename` or `merge`
        value TEXT NOT NULL      -- the new name, or the name that it is merged into
    ) STRICT
    """,
    "INSERT INTO meta VALUES ('found_topics', '0')",
)

TYPED_PREFIXES: Step = (
    # Three and four letters of every word are indexed as well: the last word of a question may be
    # unfinished, and to gather all that begins with so few letters would take most of the search.
    "DROP TABLE stories_fts",
    """
    CREATE VIRTUAL TABLE stories_fts USING fts5 (
        title, place, body, title_grams, grams,
        content = 'stories', content_rowid = 'row', prefix = '3 4',
        tokenize = "unicode61 remove_diacritics 2"
    )
    """,
    "INSERT INTO stories_fts (stories_fts) VALUES ('rebuild')",
)

RETENTION: Step = (
    # Keys of stories that were forgotten, until their sources no longer give them.
    """
    CREATE TABLE forgotten (
        source TEXT NOT NULL,
        key TEXT NOT NULL,
        PRIMARY KEY (source, key)
    ) STRICT, WITHOUT ROWID
    """,
)

AUDIT: Step = (
    # What moderators have changed; see `bot.audit`.
    """
    CREATE TABLE audit (
        row INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        platform TEXT NOT NULL,  -- of the person
        person TEXT NOT NULL,    -- the platform's id; empty for one who is forgotten
        name TEXT NOT NULL,
        chat TEXT NOT NULL,
        thread TEXT NOT NULL,
        house TEXT NOT NULL,     -- whose settings hold in the chat; empty for its own
        place TEXT NOT NULL,     -- the chat's name
        command TEXT NOT NULL,
        change TEXT NOT NULL,    -- in English
        target TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX audit_by_chat ON audit (chat)",
    "CREATE INDEX audit_by_house ON audit (house) WHERE house <> ''",
    "CREATE INDEX audit_by_person ON audit (platform, person)",
    "CREATE INDEX audit_by_time ON audit (at)",
    # Why a post was held up last, which is told of it once it has arrived, too.
    "ALTER TABLE outbox ADD COLUMN trouble TEXT NOT NULL DEFAULT ''",
    """
    CREATE TRIGGER outbox_troubled AFTER UPDATE OF reason ON outbox
    WHEN old.reason <> '' AND new.reason = '' BEGIN
        UPDATE outbox SET trouble = old.reason WHERE row = new.row;
    END
    """,
    # When another source first gave a story; 0 where nobody knows.
    "ALTER TABLE story_copies ADD COLUMN seen INTEGER NOT NULL DEFAULT 0",
    # The chats that the bot is in, where its platform has no list of them.
    """
    CREATE TABLE places (
        chat TEXT PRIMARY KEY,
        at INTEGER NOT NULL      -- when it was last heard of
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX places_by_time ON places (at)",
)

SOURCE_EDITS: Step = (
    # Sources that people added in a chat; see `bot.ingest.added_sources`.
    """
    CREATE TABLE added_sources (
        id TEXT PRIMARY KEY,
        settings TEXT NOT NULL,  -- JSON
        at INTEGER NOT NULL,
        platform TEXT NOT NULL,  -- of the person who added it
        person TEXT NOT NULL,    -- the platform's id; empty for one who is forgotten
        name TEXT NOT NULL,
        removed INTEGER          -- when; NULL while it is a source
    ) STRICT, WITHOUT ROWID
    """,
    # Sources that are not polled, the configuration's too.
    """
    CREATE TABLE paused_sources (
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        platform TEXT NOT NULL,  -- of the person who paused it
        person TEXT NOT NULL,
        name TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

LOGINS: Step = (
    # One-time links to the desk on the web, and sessions there; see `bot.logins`.
    """
    CREATE TABLE login_links (
        key TEXT PRIMARY KEY,    -- the hash of the link's token
        platform TEXT NOT NULL,
        person TEXT NOT NULL,
        name TEXT NOT NULL,
        own TEXT NOT NULL,       -- the person's private chat
        until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE login_sessions (
        key TEXT PRIMARY KEY,    -- the hash of the session's token
        platform TEXT NOT NULL,
        person TEXT NOT NULL,
        name TEXT NOT NULL,
        own TEXT NOT NULL,
        began INTEGER NOT NULL,
        used INTEGER NOT NULL,
        place TEXT NOT NULL      -- the chat that it is about; empty for the private one
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX login_sessions_by_person ON login_sessions (platform, person)",
)

ALT_TEXTS: Step = (
    # A story's picture in words; those of its enclosures stand with these.
    "ALTER TABLE stories ADD COLUMN image_alt TEXT NOT NULL DEFAULT ''",
)

HOLDUPS: Step = (
    # All that held a post up, a line each, in the order in which it came; not the last alone.
    "DROP TRIGGER outbox_troubled",
    """
    CREATE TRIGGER outbox_troubled AFTER UPDATE OF reason ON outbox
    WHEN old.reason <> '' AND new.reason <> old.reason AND length(old.trouble) < 1000
        AND instr(char(10) || old.trouble || char(10), char(10) || old.reason || char(10)) = 0
    BEGIN
        UPDATE outbox SET trouble = ltrim(old.trouble || char(10) || old.reason, char(10))
        WHERE row = new.row;
    END
    """,
)

API_TOKENS: Step = (
    # Tokens by which programs ask the API of the desk; see `bot.logins.api_tokens`.
    """
    CREATE TABLE api_tokens (
        key TEXT PRIMARY KEY,    -- the hash of the token
        platform TEXT NOT NULL,
        person TEXT NOT NULL,
        name TEXT NOT NULL,
        own TEXT NOT NULL,       -- the person's private chat
        label TEXT NOT NULL,     -- what it is for, in their words
        began INTEGER NOT NULL,
        used INTEGER NOT NULL,
        place TEXT NOT NULL      -- as in login_sessions
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX api_tokens_by_person ON api_tokens (platform, person)",
)

LAST_LISTS: Step = (
    # The last list that anybody was shown in a chat.
    "CREATE INDEX shown_by_chat ON shown (chat, at)",
)
