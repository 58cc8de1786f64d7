"""The key network: from music composed by code, and labelled clips, to `assets/key_head.npz`."""
