"""The command ``descentlab``; also ``python -m graders``."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from graders.frontends.cli import app

    app(prog_name="descentlab")


if __name__ == "__main__":
    main()
