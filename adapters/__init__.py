"""Everything that touches the outside world: chat platforms and news sources."""
