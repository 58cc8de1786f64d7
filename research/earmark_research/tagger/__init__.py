"""The tagger: from folders of audio and three teachers to `assets/starter.onnx` and `assets/accurate_head.npz`."""
