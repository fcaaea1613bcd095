"""What every room's pages stand on: the guard before each view, the request's unit of work, forms, transition routes."""
