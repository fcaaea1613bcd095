"""What award and contract rest on, without a database: clocks, amounts, clauses, grounds, the archive's manifest."""
