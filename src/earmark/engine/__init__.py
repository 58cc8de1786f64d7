"""Folders -> catalogue: planning, worker processes, writing."""
