"""Short names for texts and bytes, which no two different ones share."""

from __future__ import annotations

try:
    from _blake2 import blake2b  # `hashlib` loads OpenSSL first, which takes longer than most checks
except ImportError:
    from hashlib import blake2b

LENGTH = 40  # characters


def digest(*parts: bytes | str) -> str:
    """The name of these parts in this order: hexadecimal."""
    made = blake2b(digest_size=LENGTH // 2)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(raw).to_bytes(8, "big"))
        made.update(raw)
    return made.hexdigest()
