"""The starter model, from folders of audio and three teachers to the bundled file."""
