"""Training of the key head."""
