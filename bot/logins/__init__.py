"""Logins: one-time links to the desk on the web, and the sessions that begin with them."""
