"""The website: what its pages show, without HTTP and without HTML."""
