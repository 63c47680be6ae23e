"""What is served over HTTP: prebuilt feed bytes, pages and health. Reading leaves no trace."""
