"""Reading files into sources: the byte gate, decoding, notebooks, JSON with positions."""
