"""The Python front end: what a script or notebook would do, by abstract interpretation. Nothing is executed."""
