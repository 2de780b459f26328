"""Facts from the source of a package, read with `ast` and never imported.

The program that computes the shipped facts reads published packages with it; `--facts-from` reads a source tree that
is installed here. Nothing else imports it.
"""
