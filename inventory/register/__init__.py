"""The register: what people enter of equipment, every change of it, and how it is found again."""
