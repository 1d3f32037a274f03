"""The teacher's side: one percent notebook per assignment, importable as a module."""
