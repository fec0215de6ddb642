"""Documents on paper: PDF from a Typst template and values."""
