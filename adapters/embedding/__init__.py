"""Embedders of texts for the search by meaning: a bundled model, or a server."""
