"""Pages of the agency library and of engagements."""
