"""For processes that a test tells to end: tests that run under nohup, or behind a shell, hand down signals ignored."""

HEARS_SIGNALS = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
"""
"""Stands before what ``python -c`` runs."""
