"""Bridges to frameworks, one module each. Nothing here is imported by `import variegate`."""
