"""News sources: archives in files and feeds on the web."""
