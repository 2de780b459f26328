"""Rules and rule packs: what a rule is, and how the engine finds the ones that a run needs."""
