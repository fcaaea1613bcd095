"""A season of reviews assigned at once: how well an expert fits a review, and the plan over all; no database."""
