"""Questions across tracks: what sounds alike, what fits words and filters."""
