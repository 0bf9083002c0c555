"""The application, for a server and for `flask --app wsgi`."""

import gc

from broker import create_app

app = create_app()
gc.collect()
gc.freeze()  # what was loaded stays: looking through it all again held up a page by 0.3 s
