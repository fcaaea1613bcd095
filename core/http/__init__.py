"""What every room's pages stand on: the guard before each view, the unit of work, forms, transition routes."""
