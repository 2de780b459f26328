"""From a run, a target and the rules to findings: worlds, releases, and how verdicts become one finding."""
