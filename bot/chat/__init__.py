"""Chat: what every platform needs to turn a line or a press into a reply."""
