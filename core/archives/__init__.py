"""Archives as single files: a ZIP with a manifest of hashes, written as a stream and verified from the file alone."""
