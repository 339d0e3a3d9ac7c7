"""The pages of the desk on the web, behind a login."""
