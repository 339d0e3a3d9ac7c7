"""Texts: tokenizing, stemming, display, canonical URLs."""
