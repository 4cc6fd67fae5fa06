"""`python -m podprep` and the command `podprep`: the command line, loaded so that Ctrl-C is heard from the start."""

import sys


def main() -> int:
    """Run one command and return its exit status, see `cli.main`."""
    try:
        from .cli import main as run

        return run()
    except KeyboardInterrupt:  # before the command line is there to tell it
        print("podprep: interrupted; run the same command again.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
