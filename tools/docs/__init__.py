"""The generated parts of the documentation: tables of the rules, and the real output of commands."""
