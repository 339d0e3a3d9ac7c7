"""The operator's configuration: TOML and environment, read once into frozen dataclasses.

`shape` says what there is, `load` reads it; the rest helps them to tell every mistake with its
line.
"""
