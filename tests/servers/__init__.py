"""Stand-ins for the chat platforms, on 127.0.0.1."""
