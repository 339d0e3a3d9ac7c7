"""Keeps stories in SQLite or PostgreSQL. All SQL lives here, and nothing of it is seen outside."""
