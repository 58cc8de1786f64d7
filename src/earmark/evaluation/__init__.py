"""How good a model is on labelled music, and what it listens to: figures, a report to read, filters to hear."""
