"""A rule set as statements of the database: a whole year at once, exactly as `grading.scale` computes one agency."""
