"""Command lines as the code reads them: argparse, HfArgumentParser and TrlParser, click and typer.

What nobody passes has its default; whether somebody does is known only where a command of the project is joined.
So a value is its default or something that is not known, unless the words of the command line are at hand.
"""
