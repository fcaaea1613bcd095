"""Pages of the pool, of reviews and draws, of a drawn expert, and the link in an invitation."""
