"""What we know: the vocabulary, uptime, readiness, and the store that keeps them."""
