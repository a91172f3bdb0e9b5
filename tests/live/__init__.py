"""A walk through a real account, made by its owner: `make live-gmail`, `make live-outlook`."""
