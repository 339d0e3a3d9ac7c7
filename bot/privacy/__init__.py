"""Privacy: what is kept about a person, and how it is deleted."""
