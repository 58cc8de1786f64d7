"""The map of search by meaning: what texts mean, and where in the space of embeddings it is heard."""
