"""From command lines (shell scripts, Makefiles, Dockerfiles, notebook cells) to the programs that they start."""
