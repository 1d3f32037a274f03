"""The grader grades itself: its error rates per exercise, measured and printed as a table."""
