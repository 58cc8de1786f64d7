"""Networks: recipes, training, calibration, probes on embeddings, and export to model files. Needs torch."""
