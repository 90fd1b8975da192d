"""`python -m healthdsl` is the program `healthdsl`."""

from healthdsl.cli.main import main

if __name__ == "__main__":
    main()
