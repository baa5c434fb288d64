"""The terminal view: live stories for those who are on ssh, over the database that the daemon fills.

::

    query    what is typed after `/` becomes the filters of the page
    desk     reads lists and stories through read-only connections, and writes what a person does
    words    a story as lines of text; nothing that a feed says is markup
    app      the screen, its keys, and the look at the database once a second
"""
