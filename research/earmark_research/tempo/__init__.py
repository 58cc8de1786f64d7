"""The tempo network: from music composed by code, and scores, to `assets/rhythm.onnx`."""
