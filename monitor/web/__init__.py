"""The web process: pages over the store, for people with a browser; needs the extra `web`.

    serve.py (uvicorn) | guard.py (who may ask, what every answer says) | app.py (the routes) | a file a page

It runs beside the daemon, or without it, on the same database, and listens on loopback: a proxy with a login before it
is what makes it reachable from elsewhere. No page has a script.
"""
