"""The built-in templates (Jinja2), by format and kind of alert.

Every `{{ }}` is escaped for its format. Filters: `mark` shows evidence with its words highlighted, `when` a time in
the configured zone, `web` a link.
"""

from monitor.alert.shape import Format
from monitor.alert.trend_templates import TREND

_TEXT_STORY = """\
{{ severity|upper }}: {{ rules|map(attribute='name')|join('; ') }}\
{% if watches %} ({{ watches|join(', ') }}){% endif +%}
{% if edited %}
The article was edited; this is version {{ version }}.
{% endif %}

{{ headline_parts|mark }}
{% for one in evidence %}

> {{ one.parts|mark }}
{% endfor %}

{{ source.name }}{% if source.country %}, {{ source.country }}{% endif %} - {{ source.reliability_words }} \
({{ source.reliability }}){% if language %}, in {{ language }}{% endif +%}
{% if published %}
Published {{ published|when }}{% if published_note %} ({{ published_note }}){% endif +%}
{% else %}
Published: {{ published_note or 'not said' }}
{% endif %}
Seen {{ seen|when }}
{% if link %}
{{ link|web }}
{% endif %}

Why: {{ explain }}
{% if key %}
Message {{ key }}
{% endif %}
"""

_MARKDOWN_STORY = """\
**{{ severity|upper }}: {{ rules|map(attribute='name')|join('; ') }}**\
{% if watches %} ({{ watches|join(', ') }}){% endif %}
{% if edited %}


The article was edited; this is version {{ version }}.
{% endif %}


{{ headline_parts|mark }}
{% for one in evidence %}


> {{ one.parts|mark }}
{% endfor %}


{{ source.name }}{% if source.country %}, {{ source.country }}{% endif %} – {{ source.reliability_words }} \
({{ source.reliability }}){% if language %}, in {{ language }}{% endif +%}

{% if published %}
Published {{ published|when }}{% if published_note %} ({{ published_note }}){% endif +%}
{% else %}
Published: {{ published_note or 'not said' }}
{% endif %}

Seen {{ seen|when }}

{% if link %}
{{ link|web }}

{% endif %}

Why: `{{ explain }}`

{% if key %}
Message {{ key }}
{% endif %}
"""

_HTML_STORY = """\
<p><b>{{ severity|upper }}: {{ rules|map(attribute='name')|join('; ') }}</b>\
{% if watches %} ({{ watches|join(', ') }}){% endif %}</p>
{% if edited %}
<p>The article was edited; this is version {{ version }}.</p>
{% endif %}
<p><strong>{{ headline_parts|mark }}</strong></p>
{% for one in evidence %}
<blockquote>{{ one.parts|mark }}</blockquote>
{% endfor %}
<p>{{ source.name }}{% if source.country %}, {{ source.country }}{% endif %} – {{ source.reliability_words }} \
({{ source.reliability }}){% if language %}, in {{ language }}{% endif %}<br>
{% if published %}
Published {{ published|when }}{% if published_note %} ({{ published_note }}){% endif %}<br>
{% else %}
Published: {{ published_note or 'not said' }}<br>
{% endif %}
Seen {{ seen|when }}</p>
{% if link %}
<p>{{ link|web }}</p>
{% endif %}
<p>Why: <code>{{ explain }}</code><br>
Message {{ key or '-' }}</p>
"""

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

STORY: dict[Format, str] = {"text": _TEXT_STORY, "markdown": _MARKDOWN_STORY, "html": _HTML_STORY}
DIGEST: dict[Format, str] = {"text": _TEXT_DIGEST, "markdown": _MARKDOWN_DIGEST, "html": _HTML_DIGEST}
SYSTEM: dict[Format, str] = {"text": _TEXT_SYSTEM, "markdown": _MARKDOWN_SYSTEM, "html": _HTML_SYSTEM}
BY_KIND: dict[str, dict[Format, str]] = {
    "story": STORY,
    "update": STORY,
    "digest": DIGEST,
    "system": SYSTEM,
    "trend": TREND,
}
