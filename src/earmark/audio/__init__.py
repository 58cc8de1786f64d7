"""A sound file -> its features: decoding, log-mel, chroma, loudness, file tags, and all of it as an earprint."""
