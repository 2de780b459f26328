"""One reader for each kind of manifest: a function from a document to what its lines say."""
