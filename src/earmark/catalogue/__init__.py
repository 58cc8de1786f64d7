"""What is kept: the tables of tracks, files and corrections, and the queries to them."""
