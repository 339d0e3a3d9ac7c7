"""A local Telegram Bot API, with scripted people and chats."""
