"""What people fill in: shape only; what it means is judged by the services."""
