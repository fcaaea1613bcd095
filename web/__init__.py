"""The shell around all rooms: application factory, navigation, error pages, security headers, command line."""
