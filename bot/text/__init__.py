"""Words and texts: tokenizing, stemming, display, canonical URLs."""
