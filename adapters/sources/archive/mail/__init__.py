"""Mailboxes of mailing lists (mbox)."""
