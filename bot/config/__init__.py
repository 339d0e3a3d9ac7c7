"""The operator's configuration: TOML and environment, read once into frozen dataclasses.

`schema` declares the settings, `load` reads them; the rest helps to report every mistake with its
line.
"""
