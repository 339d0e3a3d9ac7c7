"""Posts in Markdown or HTML with front matter, one a file, as Jekyll and Hugo keep them."""
