"""One pure file a policy: `decide` says what to do with a candidate, or None for no opinion."""
