"""Summaries: whole sentences that tell in a glance what a story says."""
