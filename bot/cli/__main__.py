"""Runs the command line as `python -m bot.cli`."""

from bot.cli.entry import main

main()
