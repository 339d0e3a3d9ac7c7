"""Subscriptions: what chats follow, on which schedule, and which new stories match."""
