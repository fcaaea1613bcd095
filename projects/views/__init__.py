"""Pages of the project library, the indicator library and indicator systems."""
