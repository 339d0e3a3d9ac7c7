"""A page without a feed as a news source, read by its repeated structure."""
