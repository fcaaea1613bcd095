"""The WSGI entry: `flask --app app …` and gunicorn (`app:app`) find it here."""

from web.factory import create_app

app = create_app()
