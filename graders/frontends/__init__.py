"""What people see and type: notebook, terminal, pytest, nbgrader, JSON."""
