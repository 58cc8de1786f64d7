"""Collecting a labelled data set: excerpts of 30 s from playlists, lists and catalogues, with a manifest.

sources.py   playlists and CSV lists -> Wanted
provider.py  what a catalogue must offer; jamendo.py is one
web.py       HTTP with pauses between requests, retries and time limits
excerpt.py   a file -> 30 seconds of it
run.py       Wanted -> excerpts and tracks.csv; run again, it goes on where it stopped
"""
