"""From stored rows to the engine: what a case may do next, and what the law reads around it."""
