"""Keeps stories in SQLite. All SQL lives here, and nothing of it is seen outside."""
