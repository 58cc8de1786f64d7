"""The three profiles of the tagger: the small network, the accurate one, and both together."""
