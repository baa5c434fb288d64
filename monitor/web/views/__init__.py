"""The map of all views; in the order of the navigation.

A view is `def name(ask: Ask) -> Response` in a file beside this one. Whoever adds one adds a line here; the tests of
safety (tests/web/test_web_walk.py, test_web_hostile.py) read this map and try the new view by themselves.
"""

from monitor.model import Role
from monitor.web.view import View

VIEWS: tuple[View, ...] = (
    View(path="/", name="start", call="start:start"),
    View(path="/stories", name="stories", call="stories:listing", nav="Stories"),
    View(path="/views", name="view-save", call="stories:save", methods=("POST",), may=Role.TRIAGER),
    View(path="/stories/{id}", name="story", call="story:one"),
    View(path="/stories/{id}/do", name="story-do", call="story_actions:do", methods=("POST",), may=Role.TRIAGER),
    View(path="/stories/{id}/export.{kind}", name="story-export", call="story_export:export"),
    View(path="/stories.atom", name="stories-atom", call="stories_atom:stories", basic=True),
    View(path="/api/openapi.json", name="api-openapi", call="api:openapi"),
    View(path="/api/stories", name="api-stories", call="api:stories"),
    View(path="/api/stories/{id}", name="api-story", call="api:story"),
    View(path="/api/stories/{id}/{action}", name="api-act", call="api:act", methods=("POST",), may=Role.TRIAGER),
    View(path="/api/hits", name="api-hits", call="api:hits"),
    View(path="/picture", name="picture", call="picture:picture", nav="Picture"),
    View(path="/picture/{watch:path}", name="picture-watch", call="picture:picture"),
    View(path="/rules", name="rules", call="rules:listing", nav="Rules"),
    View(path="/rules/{id:path}", name="rule", call="rules:one"),
    View(path="/bench", name="bench", call="bench:form", may=Role.TRIAGER),
    View(path="/bench", name="bench-try", call="bench:try_", methods=("POST",), may=Role.TRIAGER, slow=60),
    View(path="/bench/save", name="bench-save", call="bench:save", methods=("POST",), may=Role.TRIAGER),
    View(path="/bench/write", name="bench-write", call="bench:write", methods=("POST",), may=Role.ADMIN),
    View(path="/sources", name="sources", call="sources:listing", nav="Sources"),
    View(path="/sources/add", name="source-add", call="source_add:form", may=Role.ADMIN),
    View(path="/sources/add", name="source-add-do", call="source_add:add", methods=("POST",), may=Role.ADMIN, slow=90),
    View(path="/sources/{id}", name="source", call="sources:one"),
    View(path="/sources/{id}/poll", name="source-poll", call="sources:poll", methods=("POST",), may=Role.TRIAGER),
    View(path="/deliveries", name="deliveries", call="deliveries:listing", nav="Deliveries"),
    View(path="/deliveries", name="deliveries-do", call="deliveries:do", methods=("POST",), may=Role.TRIAGER),
    View(path="/deliveries/preview", name="preview", call="preview:preview"),
    View(path="/deliveries/preview/{id}", name="preview-story", call="preview:story"),
    View(path="/deliveries/trial", name="trial", call="trial:form", may=Role.TRIAGER),
    View(path="/deliveries/trial", name="trial-try", call="trial:try_", methods=("POST",), may=Role.TRIAGER, slow=60),
    View(path="/deliveries/trial/save", name="trial-save", call="trial:save", methods=("POST",), may=Role.TRIAGER),
    View(path="/deliveries/{id:int}", name="delivery", call="deliveries:one"),
    View(path="/silences", name="silences", call="silences:listing", nav="Silences"),
    View(path="/silences", name="silence-add", call="silences:add", methods=("POST",), may=Role.TRIAGER),
    View(path="/silences/{id:int}/end", name="silence-end", call="silences:end", methods=("POST",), may=Role.TRIAGER),
    View(path="/help", name="help", call="help:help"),
    View(path="/events", name="events", call="events:events"),
    View(path="/ack/{token}", name="ack", call="ack:look", may=None),
    View(path="/ack/{token}", name="ack-do", call="ack:acknowledge", methods=("POST",), may=None, signed=True),
    View(path="/login", name="login", call="login:form", may=None),
    View(path="/login", name="login-do", call="login:login", methods=("POST",), may=None),
    View(path="/logout", name="logout", call="login:logout", methods=("POST",), may=None),
    View(path="/theme", name="theme", call="theme:theme", methods=("POST",), may=None),
    View(path="/static/{file}", name="static", call="static:static", may=None, plain=True),
)
