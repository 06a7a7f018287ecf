"""What is missing, what ends when, and what a sum of money would mend. Pure; reads no database."""
