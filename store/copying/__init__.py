"""Moves a store from SQLite to PostgreSQL, and back."""
