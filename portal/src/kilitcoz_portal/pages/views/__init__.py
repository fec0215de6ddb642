"""HTTP only: each view reads the request, asks one room below, and renders or redirects."""
