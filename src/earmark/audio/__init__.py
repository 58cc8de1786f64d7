"""A sound file -> all that can be heard of it: decoding, features, loudness, file tags, the earprint."""
