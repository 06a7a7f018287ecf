"""What was asked: settings, secrets, requirement profiles. Knows nothing of the other rooms."""
