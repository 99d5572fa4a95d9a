"""End-to-end tests: real Chromium, the real extension, the real helper with the shipped bundle, and real chat pages."""
