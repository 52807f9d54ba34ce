"""The pages: controls, stage and panels wired together. A page computes nothing itself."""
