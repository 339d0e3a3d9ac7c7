"""WordPress exports (WXR, "WordPress eXtended RSS")."""
