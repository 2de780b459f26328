"""The words of the design as frozen dataclasses; import each from its own module."""
