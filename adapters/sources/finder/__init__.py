"""Finds the sources that an address means: feeds, pages and known sites."""
