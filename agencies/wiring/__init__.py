"""What each part of this room announces to the house."""
