"""The command: shouts its arguments, or each line of standard input."""

import argparse
import sys

from . import shout


def main(arguments=None) -> int:
    """Run the command with ARGUMENTS, by default those of the process."""
    parser = argparse.ArgumentParser(prog="shout", description="Turns quiet text into loud text.")
    parser.add_argument("-m", "--marks", type=int, default=1, help="number of exclamation marks")
    parser.add_argument("words", nargs="*", help="text; standard input if there is none")
    options = parser.parse_args(arguments)

    lines = [" ".join(options.words)] if options.words else sys.stdin
    for line in lines:
        print(shout(line, options.marks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
