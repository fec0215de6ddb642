"""Making cards at the registrar's desk: batches, and what the operation `personalise` does for them."""
