"""Gmail through its API."""
