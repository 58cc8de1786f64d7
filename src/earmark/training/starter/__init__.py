"""The starter model: from folders of audio and three teachers to the bundled file; `python -m earmark.training.starter`."""
