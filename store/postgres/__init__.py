"""What is PostgreSQL's own: connections, schema, locks between processes, notifications."""
