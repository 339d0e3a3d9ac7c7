"""Draws pictures as PNG, by resvg."""
