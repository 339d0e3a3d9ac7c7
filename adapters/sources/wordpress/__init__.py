"""The REST API of WordPress sites, by which their past stories are read."""
