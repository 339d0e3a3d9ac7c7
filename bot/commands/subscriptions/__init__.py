"""The commands around `/subscribe`."""
