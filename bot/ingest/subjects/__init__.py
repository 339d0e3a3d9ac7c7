"""Broad subjects of stories, for those whose sources give them no topic."""
