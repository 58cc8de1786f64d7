"""Labelled music: manifests, targets, splits, the feature cache, published data sets, collecting."""
