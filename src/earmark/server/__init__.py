"""``earmark serve``: the REST API over a catalogue, its keys, its jobs, and the pages in the browser."""
