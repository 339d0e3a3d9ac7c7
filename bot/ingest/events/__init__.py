"""Events: stories of several sources that tell of one thing that has happened."""
