"""What is known of a model by its name or path: local folder, Hugging Face cache, Hub, well-known name."""

from trl_lint.artifacts.finder import ArtifactFinder

__all__ = ["ArtifactFinder"]
