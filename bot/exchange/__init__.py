"""Exchange: stories and subscriptions as lines of JSON, for another Dateline and other programs."""
