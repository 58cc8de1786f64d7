"""Chroma -> key: tonic and mode, with candidates, confidence, tuning and key changes."""
