"""The student side: everything here runs where student code runs, and holds no secret."""
