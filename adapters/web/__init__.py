"""The desk's public website: pages, feeds out and an API that reads, over HTTP."""
