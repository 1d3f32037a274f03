"""Hostile and clumsy submissions: catalogues of programs and notebooks, and what is looked at after each."""
