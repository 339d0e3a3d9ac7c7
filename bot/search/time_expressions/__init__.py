"""Time expressions in free text: `last week`, `in october 2023`, `since monday`, `newest`."""
