"""What TRL and transformers do with a run, release by release: derived facts that several rules share.

Every function here takes a `RunView`, answers for its one environment, and says None (or UNKNOWN) where the
answer cannot be known. Boundaries are first releases with the new behaviour, read in the published packages.
"""
