"""Local servers of the chat platforms' APIs for tests, on 127.0.0.1."""
