"""Ingest: polling sources, change detection, summaries."""
