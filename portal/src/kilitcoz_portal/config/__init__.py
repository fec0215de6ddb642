"""Settings, urls, and the two doors a web server knocks on (wsgi, asgi)."""
