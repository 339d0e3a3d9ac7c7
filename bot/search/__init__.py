"""Search: queries, spelling, expansion, ranking, snippets, completion of titles."""
