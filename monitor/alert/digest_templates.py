"""The built-in templates of a digest of stories, by format; see `templates.py`."""

from monitor.alert.shape import Format

_TEXT = """\
{% if heading %}
{{ heading }}

{% endif %}
{% if about %}
{{ about }}
{% endif %}
From {{ start|when }} to {{ end|when }}{% if not count %}: nothing happened.{% endif +%}
{% if counts %}

{{ counts|chart(step) }}
{% endif %}
{% if page %}

Charts, and all of the stories: attached, {{ page }}
{% endif %}
{% for section in sections %}

{{ section.watch|upper }}
{% for group in section.rules %}

{{ group.rule }}
{% for item in group['items'] %}
* {{ item.severity|upper }}: {{ item.headline }}
  {{ item.first_seen|when }}{% if item.source %}, {{ item.source }}{% endif %}; \
{{ item.independent }} independent source{{ '' if item.independent == 1 else 's' }}\
{% if item.credibility %}, {{ item.credibility }} {{ item.credibility_words }}{% endif %}\
{% if item.countries %}; {{ item.countries|join(', ') }}{% endif +%}
{% if item.told %}
  Told before: {{ item.why }}
{% elif item.why %}
  {{ item.why }}
{% endif %}
{% if item.link %}
  {{ item.link|web }}
{% endif %}
{% endfor %}
{% endfor %}
{% endfor %}
{% if more %}

And {{ more }} more, by rule: {% for one in more_by_rule %}{{ one.rule }} ({{ one.count }})\
{% if not loop.last %}, {% endif %}{% endfor +%}
All of them: {{ all }}
{% endif %}
{% for item in left %}
{% if loop.first %}

Never confirmed, and not told:
{% endif %}
* {{ item.severity|upper }}: {{ item.headline }}{% if item.link %} {{ item.link|web }}{% endif +%}
{% endfor %}
{% if left_more %}
* and {{ left_more }} more
{% endif %}

{% if key %}
Message {{ key }}
{% endif %}
"""

_MARKDOWN = """\
{% if heading %}
**{{ heading }}**

{% endif %}
{% if about %}
{{ about }}

{% endif %}
From {{ start|when }} to {{ end|when }}{% if not count %}: nothing happened.{% endif +%}

{% if counts %}
{{ counts|chart(step) }}

{% endif %}
{% if page %}
Charts, and all of the stories: attached, {{ page }}

{% endif %}
{% for section in sections %}


**{{ section.watch }}**

{% for group in section.rules %}


*{{ group.rule }}*

{% for item in group['items'] %}
* **{{ item.severity|upper }}**: {{ item.headline }} – \
{{ item.first_seen|when }}{% if item.source %}, {{ item.source }}{% endif %}; \
{{ item.independent }} independent source{{ '' if item.independent == 1 else 's' }}\
{% if item.credibility %}, {{ item.credibility }} {{ item.credibility_words }}{% endif %}\
{% if item.countries %}; {{ item.countries|join(', ') }}{% endif %}\
{% if item.told %}; told before: {{ item.why }}{% elif item.why %}; {{ item.why }}{% endif %}\
{% if item.link %} {{ item.link|web }}{% endif +%}

{% endfor %}
{% endfor %}
{% endfor %}
{% if more %}


And {{ more }} more, by rule: {% for one in more_by_rule %}{{ one.rule }} ({{ one.count }})\
{% if not loop.last %}, {% endif %}{% endfor +%}

All of them: `{{ all }}`

{% endif %}
{% for item in left %}
{% if loop.first %}


Never confirmed, and not told:

{% endif %}
* **{{ item.severity|upper }}**: {{ item.headline }}{% if item.link %} {{ item.link|web }}{% endif +%}

{% endfor %}
{% if left_more %}
* and {{ left_more }} more

{% endif %}


{% if key %}
Message {{ key }}
{% endif %}
"""

_HTML = """\
{% if heading %}
<p><b>{{ heading }}</b></p>
{% endif %}
{% if about %}
<p>{{ about }}</p>
{% endif %}
<p>From {{ start|when }} to {{ end|when }}{% if not count %}: nothing happened.{% endif %}</p>
{% if counts %}
<p>Stories first seen, by {{ 'day' if step >= 86400 else 'hour' }}:</p>
{{ counts|chart(step) }}
{% endif %}
{% if page %}
<p>Charts, and all of the stories: attached, {{ page }}</p>
{% endif %}
{% for picture in pictures %}
<p><b>{{ picture.title }}</b><br>
<img src="cid:{{ picture.name }}" alt="{{ picture.title }}: see the attached page" \
style="max-width:100%;height:auto"></p>
{% endfor %}
{% for section in sections %}
<h3>{{ section.watch }}</h3>
{% for group in section.rules %}
<p><b>{{ group.rule }}</b></p>
<ul>
{% for item in group['items'] %}
<li><b>{{ item.severity|upper }}</b>: {{ item.headline }}<br>
{{ item.first_seen|when }}{% if item.source %}, {{ item.source }}{% endif %}; \
{{ item.independent }} independent source{{ '' if item.independent == 1 else 's' }}\
{% if item.credibility %}, {{ item.credibility }} {{ item.credibility_words }}{% endif %}\
{% if item.countries %}; {{ item.countries|join(', ') }}{% endif %}\
{% if item.told %}<br>
Told before: {{ item.why }}{% elif item.why %}<br>
{{ item.why }}{% endif %}\
{% if item.link %}<br>
{{ item.link|web }}{% endif %}</li>
{% endfor %}
</ul>
{% endfor %}
{% endfor %}
{% if more %}
<p>And {{ more }} more, by rule: {% for one in more_by_rule %}{{ one.rule }} ({{ one.count }})\
{% if not loop.last %}, {% endif %}{% endfor %}<br>
All of them: <code>{{ all }}</code></p>
{% endif %}
{% for item in left %}
{% if loop.first %}
<p>Never confirmed, and not told:</p>
<ul>
{% endif %}
<li><b>{{ item.severity|upper }}</b>: {{ item.headline }}{% if item.link %}<br>
{{ item.link|web }}{% endif %}</li>
{% if loop.last %}
{% if left_more %}
<li>and {{ left_more }} more</li>
{% endif %}
</ul>
{% endif %}
{% endfor %}
<p>Message {{ key or '-' }}</p>
"""

DIGEST: dict[Format, str] = {"text": _TEXT, "markdown": _MARKDOWN, "html": _HTML}
