"""Log-mel -> activations -> tags: model files, their tagsets, their names, and networks of other projects."""
