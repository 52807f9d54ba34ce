"""The pages: controls, stage and panels wired together. What a page shows is computed elsewhere."""
