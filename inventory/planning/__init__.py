"""What is missing, what ends when, what was bought and never seen, and what a sum would mend."""
