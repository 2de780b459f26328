"""From what a front end found (calls and values, or a recipe) to runs."""
