"""The built-in templates of a trend's alert, by format; see `templates.py`."""

from monitor.alert.shape import Format

_TEXT = """\
{{ severity|upper }}: {{ rules[0].name }}{% if watches %} ({{ watches|join(', ') }}){% endif +%}

{{ headline }}
{% if start %}
From {{ start|when }} to {{ end|when }}
{% endif %}
{% for group in groups %}

{{ group.rule }} ({{ group.count }})
{% for item in group['items'] %}
* {{ item.headline }} - {{ item.source }}, {{ item.at|when }}
{% if item.link %}
  {{ item.link|web }}
{% endif %}
{% endfor %}
{% if group.more %}
* and {{ group.more }} more
{% endif %}
{% endfor %}
{% if more %}

... and {{ more }} of other kinds
{% endif %}

{% for command in commands %}
{% if loop.first %}All of them: {% endif %}{{ command }}
{% endfor %}
Why: monitor rules trends {{ rules[0].id }}
{% if key %}
Message {{ key }}
{% endif %}
"""

_MARKDOWN = """\
**{{ severity|upper }}: {{ rules[0].name }}**{% if watches %} ({{ watches|join(', ') }}){% endif +%}


{{ headline }}

{% if start %}
From {{ start|when }} to {{ end|when }}
{% endif %}
{% for group in groups %}


**{{ group.rule }}** ({{ group.count }})

{% for item in group['items'] %}
* {{ item.headline }} – {{ item.source }}, {{ item.at|when }}{% if item.link %} {{ item.link|web }}{% endif +%}

{% endfor %}
{% if group.more %}
* and {{ group.more }} more
{% endif %}
{% endfor %}
{% if more %}


… and {{ more }} of other kinds
{% endif %}


{% for command in commands %}
{% if loop.first %}All of them: {% endif %}`{{ command }}`

{% endfor %}
Why: `monitor rules trends {{ rules[0].id }}`

{% if key %}
Message {{ key }}
{% endif %}
"""

_HTML = """\
<p><b>{{ severity|upper }}: {{ rules[0].name }}</b>{% if watches %} ({{ watches|join(', ') }}){% endif %}</p>
<p>{{ headline }}{% if start %}<br>
From {{ start|when }} to {{ end|when }}{% endif %}</p>
{% for group in groups %}
<p><b>{{ group.rule }}</b> ({{ group.count }})</p>
<ul>
{% for item in group['items'] %}
<li>{{ item.headline }} – {{ item.source }}, {{ item.at|when }}{% if item.link %}<br>{{ item.link|web }}{% endif %}</li>
{% endfor %}
{% if group.more %}
<li>and {{ group.more }} more</li>
{% endif %}
</ul>
{% endfor %}
{% if more %}
<p>… and {{ more }} of other kinds</p>
{% endif %}
<p>{% for command in commands %}{% if loop.first %}All of them: {% endif %}<code>{{ command }}</code><br>
{% endfor %}
Why: <code>monitor rules trends {{ rules[0].id }}</code><br>
Message {{ key or '-' }}</p>
"""

TREND: dict[Format, str] = {"text": _TEXT, "markdown": _MARKDOWN, "html": _HTML}
