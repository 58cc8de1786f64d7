"""Log-mel -> activations -> tags: model files, their tagsets, and where they are found."""
