"""Forms of the agency room: shape only; what the rules say is in the services."""
