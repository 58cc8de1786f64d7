"""How good a model is on labelled music: figures with intervals, a report to read, and the sounds of its filters."""
