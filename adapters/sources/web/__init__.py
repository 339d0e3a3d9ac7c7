"""HTTP, politely and safely."""
