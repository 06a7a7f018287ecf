"""`python -m hatang` is the command `hatang`."""

from hatang.cli import main

if __name__ == "__main__":
    main()
