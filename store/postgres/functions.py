"""Functions and triggers of PostgreSQL.

The functions are those of SQLite that the store's statements call, so that one text of each
statement serves both: PostgreSQL has nothing of these names, or not for texts.
"""

from __future__ import annotations

CHANGES = "dateline"
"""The channel on which processes hear of what others have changed; see `bot.changes.Change`."""

DIGEST = """
    CREATE FUNCTION text_digest(value TEXT) RETURNS BYTEA
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT sha256(convert_to(value, 'UTF8')) $$
"""
"""Digests a text for an index, which takes no long ones. The store's encoding is always UTF-8."""

FUNCTIONS = (
    # https://www.sqlite.org/lang_corefunc.html#glob; of its patterns, the store uses `*` alone.
    r"""
    CREATE FUNCTION glob(pattern TEXT, value TEXT) RETURNS BOOLEAN
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT value LIKE
            replace(regexp_replace(pattern, '([%_\\])', '\\\1', 'g'), '*', '%')
    $$
    """,
    # https://www.sqlite.org/json1.html#jeach, of an array; each value is a text.
    """
    CREATE FUNCTION json_each(list TEXT) RETURNS TABLE (key BIGINT, value TEXT)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT place - 1, item
        FROM json_array_elements_text(list::json) WITH ORDINALITY AS each (item, place)
    $$
    """,
    # https://www.sqlite.org/json1.html#jex; the value is a text.
    """
    CREATE FUNCTION json_extract(given TEXT, path TEXT) RETURNS TEXT
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT jsonb_path_query_first(given::jsonb, path::jsonpath) #>> '{}'
    $$
    """,
    # https://www.sqlite.org/json1.html#jset, of a member of an object.
    """
    CREATE FUNCTION json_set(given TEXT, path TEXT, value TEXT) RETURNS TEXT
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT jsonb_set(given::jsonb, ARRAY[substr(path, 3)], to_jsonb(value))::text
    $$
    """,
    """
    CREATE FUNCTION json_text(list TEXT[]) RETURNS TEXT
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_json(list)::text $$
    """,
    # https://www.sqlite.org/json1.html#jgrouparray, of texts.
    """
    CREATE FUNCTION comma_text(list TEXT[]) RETURNS TEXT
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN cardinality(list) > 0 THEN array_to_string(list, ',') END
    $$
    """,
    # https://www.sqlite.org/lang_aggfunc.html#group_concat
    """
    CREATE AGGREGATE group_concat (TEXT) (
        SFUNC = array_append, STYPE = TEXT[], INITCOND = '{}', FINALFUNC = comma_text
    )
    """,
    # The planner takes a look into a story's words to be as cheap as comparing two numbers, though
    # they must be read and unpacked for it; so it would rather look into all of them than go
    # by the index. It adds the cost of this, which is true of each story.
    """
    CREATE FUNCTION costs_reading(words TSVECTOR) RETURNS BOOLEAN
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 AS $$ BEGIN RETURN TRUE; END $$
    """,
    # As the table-valued function that every table of FTS5 is.
    """
    CREATE FUNCTION stories_fts(expression TEXT) RETURNS TABLE (rowid BIGINT)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT story FROM story_texts WHERE words @@ expression::tsquery AND costs_reading(words)
    $$
    """,
    """
    CREATE AGGREGATE json_group_array (TEXT) (
        SFUNC = array_append, STYPE = TEXT[], INITCOND = '{}', FINALFUNC = json_text
    )
    """,
)
"""Statements that make the functions."""

FEW_STORIES = """
    CREATE FUNCTION few_stories_fts(expression TEXT) RETURNS TABLE (rowid BIGINT)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT story FROM story_texts WHERE words @@ expression::tsquery OFFSET 0
    $$
"""
"""As `stories_fts`, for what few stories hold: whatever order they are wanted in. `NEWEST_FEW` has
taken its place.

PostgreSQL takes words that its statistics do not know for commoner than they are, each of many that
stand for one another; so it would look into all stories in their order until it has enough. It does
not move an order or a limit into what has an `OFFSET`.
"""

NEWEST_FEW = """
    CREATE FUNCTION newest_few_fts(expression TSQUERY, most BIGINT)
    RETURNS TABLE (rowid BIGINT)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 40
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
    BEGIN
        RETURN QUERY SELECT few.story
            FROM (SELECT story FROM story_texts WHERE words @@ expression OFFSET 0) AS few
            ORDER BY few.story DESC LIMIT most;
    END $$
"""
"""Gives those of what few stories hold that were added last; all where `most` is NULL.

It is planned once for whatever words, and goes by the index even where there were few stories when
it was: to make a plan for many words takes longer than to find them. Nor is it looked into for a
guess how many it gives, so what it is joined with is looked up for each, and never read whole.
"""


def _trigger(name: str, event: str, body: str) -> tuple[str, str]:
    when, _, condition = event.partition(" WHEN ")
    guard = f"WHEN ({condition})" if condition else ""
    return (
        f"CREATE FUNCTION {name}() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {name} {when} FOR EACH ROW {guard} EXECUTE FUNCTION {name}()",
    )


TRIGGERS = (
    *_trigger(
        "stories_sourced",
        "AFTER INSERT ON stories",
        """
        INSERT INTO story_sources VALUES (new.source, new.published, new.row);
        RETURN NULL;
        """,
    ),
    *_trigger(
        "stories_redated",
        "AFTER UPDATE OF published ON stories WHEN new.published <> old.published",
        """
        UPDATE story_sources SET published = new.published WHERE story = new.row;
        RETURN NULL;
        """,
    ),
    *_trigger(
        "stories_counted",
        "AFTER INSERT ON story_sources",
        """
        INSERT INTO story_counts VALUES (new.source, 1)
        ON CONFLICT (source) DO UPDATE SET stories = story_counts.stories + 1;
        RETURN NULL;
        """,
    ),
    *_trigger(
        "stories_uncounted",
        "AFTER DELETE ON story_sources",
        """
        UPDATE story_counts SET stories = stories - 1 WHERE source = old.source;
        RETURN NULL;
        """,
    ),
    *_trigger(
        "story_vectors_outdated",
        "AFTER UPDATE OF title, summary ON stories"
        " WHEN new.title <> old.title OR new.summary <> old.summary",
        """
        DELETE FROM story_vectors WHERE story = new.row;
        RETURN NULL;
        """,
    ),
    *_trigger(
        "event_stories_removed",
        "AFTER DELETE ON event_stories WHEN old.follows = 0",
        """
        UPDATE event_stories SET follows = 0 WHERE story =
            (SELECT rest.story FROM event_stories AS rest JOIN stories ON row = rest.story
             WHERE rest.development = old.development ORDER BY published, row LIMIT 1);
        RETURN NULL;
        """,
    ),
    *_trigger(
        "outbox_troubled",
        "BEFORE UPDATE OF reason ON outbox WHEN old.reason <> '' AND new.reason <> old.reason"
        " AND length(old.trouble) < 1000 AND strpos("
        "chr(10) || old.trouble || chr(10), chr(10) || old.reason || chr(10)) = 0",
        """
        new.trouble := ltrim(old.trouble || chr(10) || old.reason, chr(10));
        RETURN new;
        """,
    ),
)
"""Statements that make the triggers, which do what those of SQLite do."""


def _tell(table: str, what: str) -> str:
    return f"""
    CREATE TRIGGER {table}_told AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_change('{what}')
    """


NOTIFIERS = (
    f"""
    CREATE FUNCTION tell_of_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_notify('{CHANGES}', TG_ARGV[0]);
        RETURN NULL;
    END $$
    """,
    _tell("settings", "settings"),
    _tell("added_sources", "sources"),
    _tell("paused_sources", "sources"),
    # These two numbers are what readers of words and titles follow (`store.vocabulary`).
    """
    CREATE TRIGGER stories_told AFTER UPDATE ON meta FOR EACH ROW
    WHEN (new.name IN ('revision', 'words_forgotten') AND new.value <> old.value)
    EXECUTE FUNCTION tell_of_change('stories')
    """,
)
"""Statements that have all processes told of what they keep in memory."""
