"""The built-in templates (Jinja2), by format and kind of alert.

Every `{{ }}` is escaped for its format. Filters: `mark` shows evidence with its words highlighted, `when` a time in
the configured zone, `web` a link.
"""

from monitor.alert.digest_templates import DIGEST as STORIES
from monitor.alert.shape import Format
from monitor.alert.story_templates import STORY, UPDATE
from monitor.alert.trend_templates import TREND

_TEXT_DIGEST = """\
{{ count }} alerts came at once; here they are by rule.
{% for group in groups %}

{{ group.severity|upper }}: {{ group.rule }} ({{ group.count }})
{% for item in group['items'] %}
* {{ item.headline }}{% if item.source %} - {{ item.source }}{% endif +%}
{% if item.link %}
  {{ item.link|web }}
{% endif %}
{% endfor %}
{% if group.more %}
* and {{ group.more }} more
{% endif %}
{% endfor %}
{% if more %}

... and {{ more }} of other rules
{% endif %}

All of them: monitor hits
{% if key %}
Message {{ key }}
{% endif %}
"""

_MARKDOWN_DIGEST = """\
{{ count }} alerts came at once; here they are by rule.
{% for group in groups %}


**{{ group.severity|upper }}: {{ group.rule }}** ({{ group.count }})

{% for item in group['items'] %}
* {{ item.headline }}{% if item.source %} – {{ item.source }}{% endif %}\
{% if item.link %} {{ item.link|web }}{% endif +%}

{% endfor %}
{% if group.more %}
* and {{ group.more }} more
{% endif %}
{% endfor %}
{% if more %}


… and {{ more }} of other rules
{% endif %}


All of them: `monitor hits`

{% if key %}
Message {{ key }}
{% endif %}
"""

_HTML_DIGEST = """\
<p>{{ count }} alerts came at once; here they are by rule.</p>
{% for group in groups %}
<p><b>{{ group.severity|upper }}: {{ group.rule }}</b> ({{ group.count }})</p>
<ul>
{% for item in group['items'] %}
<li>{{ item.headline }}{% if item.source %} – {{ item.source }}{% endif %}\
{% if item.link %}<br>{{ item.link|web }}{% endif %}</li>
{% endfor %}
{% if group.more %}
<li>and {{ group.more }} more</li>
{% endif %}
</ul>
{% endfor %}
{% if more %}
<p>… and {{ more }} of other rules</p>
{% endif %}
<p>All of them: <code>monitor hits</code><br>
Message {{ key or '-' }}</p>
"""

_TEXT_SYSTEM = """\
{{ headline }}
{% for line in lines %}
{{ line }}
{% endfor %}
{% if advice %}

What to do: {{ advice }}
{% endif %}

{% if key %}
Message {{ key }}
{% endif %}
"""

_MARKDOWN_SYSTEM = """\
**{{ headline }}**

{% for line in lines %}
{{ line }}

{% endfor %}
{% if advice %}

What to do: {{ advice }}

{% endif %}

{% if key %}
Message {{ key }}
{% endif %}
"""

_HTML_SYSTEM = """\
<p><b>{{ headline }}</b></p>
<p>{% for line in lines %}{{ line }}<br>
{% endfor %}</p>
{% if advice %}
<p>What to do: {{ advice }}</p>
{% endif %}
{% if key %}
<p>Message {{ key }}</p>
{% endif %}
"""

DIGEST: dict[Format, str] = {"text": _TEXT_DIGEST, "markdown": _MARKDOWN_DIGEST, "html": _HTML_DIGEST}
SYSTEM: dict[Format, str] = {"text": _TEXT_SYSTEM, "markdown": _MARKDOWN_SYSTEM, "html": _HTML_SYSTEM}
BY_KIND: dict[str, dict[Format, str]] = {
    "story": STORY,
    "update": UPDATE,
    "digest": DIGEST,
    "stories": STORIES,  # a digest that knows its stories, by watch and rule
    "system": SYSTEM,
    "trend": TREND,
}
