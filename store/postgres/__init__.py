"""PostgreSQL's own parts: connections, schema, locks between processes, notifications."""
