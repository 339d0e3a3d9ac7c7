"""Posting: from a new story to a message, by way of the outbox."""
