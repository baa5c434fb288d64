"""The page: see and triage in a browser, over the database that the daemon fills.

::

    gate     every request: the Host header, limits, the security headers of every answer
    app      the routes, made from views.VIEWS; each call: who is there (access), may they, did our own form ask
    views/   one file a view, named in VIEWS: a function that is handed an `Ask` and returns an answer
    pages    templates/*.html, filled in by Jinja2 with everything escaped
    readers  read-only connections for looking, one connection for the few writes
    live     one thread that sees changes of the database and tells all open pages

A view is made of one function, one template and one line in the map; `docs/web.md` shows how.
"""
