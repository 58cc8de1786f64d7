"""A user's own tags: a linear head on stored embeddings, what it is worth, and what to ask next."""
