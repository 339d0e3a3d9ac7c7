"""WebSub on the web: requests to hubs, and the callback that hubs call."""
