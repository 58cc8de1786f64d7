"""Tempo, key, loudness, energy and structure of a track."""
