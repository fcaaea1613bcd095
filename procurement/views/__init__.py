"""Pages of tendering."""
