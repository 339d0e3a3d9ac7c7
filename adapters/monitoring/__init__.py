"""Monitoring over HTTP: whether the process is well, and its metrics."""
