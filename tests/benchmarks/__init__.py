"""Stock nbgrader and descentlab timed in turn: ``python -m tests.benchmarks``."""
