"""Search by meaning: stories that say what was asked for in other words, or in another language."""
