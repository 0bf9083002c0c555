"""The application, for a server and for `flask --app wsgi`."""

from broker import create_app

app = create_app()
