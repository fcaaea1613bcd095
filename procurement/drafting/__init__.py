"""From draft to frozen record: the rules a draft is held against, its dates, its criteria, its record."""
