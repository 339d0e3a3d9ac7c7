"""Discord: the core's commands and replies as Discord's readers expect them."""
