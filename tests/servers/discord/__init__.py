"""A local Discord: REST API, gateway, and scripted people."""
