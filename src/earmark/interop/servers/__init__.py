"""Media servers that play the same music: whose songs are ours, and playlists pushed to them."""
