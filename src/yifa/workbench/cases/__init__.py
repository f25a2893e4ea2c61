"""Cases as pages show them: one case, its papers, its deadlines."""
