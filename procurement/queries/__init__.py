"""Reads for pages and lists; what an actor may see, by the same rules as the pages' permissions."""
