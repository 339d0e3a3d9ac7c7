"""Text archives: stories one after another, as a wire service or a blogger keeps them."""
