"""What waits for whom in tendering."""
