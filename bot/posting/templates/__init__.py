"""Templates of posts: a small language, the values of a story, and the lines they make."""
