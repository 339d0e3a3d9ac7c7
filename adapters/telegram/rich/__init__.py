"""Rich messages (Bot API 10.1 to 10.3): blocks, limits, and the core's replies made of them."""
