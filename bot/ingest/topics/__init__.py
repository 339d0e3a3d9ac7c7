"""Topics found in stories: names and words that recur, and what is made of them."""
