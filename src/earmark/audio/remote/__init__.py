"""Music at an address: object stores (s3, gs, az) and web servers (https, http), read in parts and kept nowhere.

`earmark.audio.opening` is the way in: it opens a local file as ever, and anything else through this package, which is
loaded only then. `earmark[cloud]` brings what it needs.
"""
