"""Trends: how many stories each topic and each source had, as sparklines and as pictures."""
