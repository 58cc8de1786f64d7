"""Training of the rhythm network."""
