"""What is counted by day, for the eye."""
