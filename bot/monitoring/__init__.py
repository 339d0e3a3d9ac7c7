"""Monitoring: the state of the process and of the store, alerts, logs and metrics."""
