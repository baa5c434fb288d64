"""The built-in templates of a story's alert and of its updates, by format; see `templates.py`.

What stands behind a story (`background.py`) is shown where there is something: a story of one article is as short as
the article.
"""

from monitor.alert.shape import Format

# --- plain text ------------------------------------------------------------------------------------------------------

_TEXT_BACKGROUND = """\
{% if claims or places or articles > 1 %}

{% for one in claims %}
{% if loop.first %}Claimed by: {% else %}and by: {% endif %}{{ one.said }}
{% endfor %}
{% for one in places %}
{% if loop.first %}Place: {% else %}also: {% endif %}{{ one.said }}
{% endfor %}
{% if articles > 1 %}
{{ articles }} articles\
{% if voices %}, {{ independent }} independent source{{ '' if independent == 1 else 's' }}{% endif %}\
{% if first %}; first {{ first.name }}, {{ first.at|when }}{% endif +%}
{% if credibility %}
Credibility {{ credibility }}, {{ credibility_words }}{% if credibility_reason %}: {{ credibility_reason }}{% endif +%}
{% endif %}
{% endif %}
{% endif %}
"""

_TEXT_IN_SHORT = """\
{% if claims or articles > 1 %}

{% for one in claims %}
{% if loop.first %}Claimed by: {% else %}and by: {% endif %}{{ one.said }}
{% endfor %}
{% if articles > 1 %}
{{ articles }} articles\
{% if voices %}, {{ independent }} independent source{{ '' if independent == 1 else 's' }}{% endif %}\
{% if credibility %}; credibility {{ credibility }}, {{ credibility_words }}{% endif +%}
{% endif %}
{% endif %}
"""

_TEXT_OTHERS = """\
{% for one in others %}
{% if loop.first %}

Also:
{% endif %}
* {{ one.name }}, {{ one.at|when }}{% if one.is_copy %} (copy){% endif +%}
{% if one.link %}
  {{ one.link|web }}
{% endif %}
{% endfor %}
{% if others and others_more %}
* and {{ others_more }} more
{% endif %}
"""

_TEXT_END = """\

Why: {{ explain }}
{% if acknowledge %}
Acknowledge: {{ acknowledge|web }}
{% endif %}
{% if key %}
Message {{ key }}
{% endif %}
"""

_TEXT_STORY = (
    """\
{{ severity|upper }}: {{ rules|map(attribute='name')|join('; ') }}\
{% if watches %} ({{ watches|join(', ') }}){% endif +%}
{% if escalation %}
{{ escalation }}
{% endif %}
{% if edited %}
The article was edited; this is version {{ version }}.
{% endif %}

{{ headline_parts|mark }}
{% for one in evidence %}

> {{ one.parts|mark }}
{% endfor %}
"""
    + _TEXT_BACKGROUND
    + """\

{{ source.name }}{% if source.country %}, {{ source.country }}{% endif %} - \
{{ source.reliability_words }} ({{ source.reliability }}){% if language %}, in {{ language }}{% endif +%}
{% if published %}
Published {{ published|when }}{% if published_note %} ({{ published_note }}){% endif +%}
{% else %}
Published: {{ published_note or 'not said' }}
{% endif %}
Seen {{ seen|when }}
{% if link %}
{{ link|web }}
{% endif %}
"""
    + _TEXT_OTHERS
    + _TEXT_END
)

_TEXT_UPDATE = (
    """\
Update, {{ severity|upper }}: {{ news[0] }}
{% for one in news[1:] %}
* {{ one }}
{% endfor %}

{{ headline_parts|mark }}
{% if link %}
{{ link|web }}
{% endif %}
"""
    + _TEXT_IN_SHORT
    + _TEXT_END
)

# --- Markdown --------------------------------------------------------------------------------------------------------

_MARKDOWN_BACKGROUND = """\
{% for one in claims %}


{% if loop.first %}Claimed by: {% else %}and by: {% endif %}{{ one.said }}
{% endfor %}
{% for one in places %}


{% if loop.first %}Place: {% else %}also: {% endif %}{{ one.said }}
{% endfor %}
{% if articles > 1 %}


{{ articles }} articles\
{% if voices %}, **{{ independent }} independent source{{ '' if independent == 1 else 's' }}**{% endif %}\
{% if first %}; first {{ first.name }}, {{ first.at|when }}{% endif +%}
{% if credibility %}


Credibility {{ credibility }}, {{ credibility_words }}{% if credibility_reason %}: {{ credibility_reason }}{% endif +%}
{% endif %}
{% endif %}
"""

_MARKDOWN_IN_SHORT = """\
{% for one in claims %}


{% if loop.first %}Claimed by: {% else %}and by: {% endif %}{{ one.said }}
{% endfor %}
{% if articles > 1 %}


{{ articles }} articles\
{% if voices %}, {{ independent }} independent source{{ '' if independent == 1 else 's' }}{% endif %}\
{% if credibility %}; credibility {{ credibility }}, {{ credibility_words }}{% endif +%}
{% endif %}
"""

_MARKDOWN_OTHERS = """\
{% for one in others %}
{% if loop.first %}


Also:

{% endif %}
* {{ one.name }}, {{ one.at|when }}{% if one.is_copy %} (copy){% endif %}\
{% if one.link %} {{ one.link|web }}{% endif +%}

{% endfor %}
{% if others and others_more %}
* and {{ others_more }} more

{% endif %}
"""

_MARKDOWN_END = """\


Why: `{{ explain }}`

{% if acknowledge %}
Acknowledge: {{ acknowledge|web }}

{% endif %}
{% if key %}
Message {{ key }}
{% endif %}
"""

_MARKDOWN_STORY = (
    """\
**{{ severity|upper }}: {{ rules|map(attribute='name')|join('; ') }}**\
{% if watches %} ({{ watches|join(', ') }}){% endif %}
{% if escalation %}


{{ escalation }}
{% endif %}
{% if edited %}


The article was edited; this is version {{ version }}.
{% endif %}


{{ headline_parts|mark }}
{% for one in evidence %}


> {{ one.parts|mark }}
{% endfor %}
"""
    + _MARKDOWN_BACKGROUND
    + """\


{{ source.name }}{% if source.country %}, {{ source.country }}{% endif %} – \
{{ source.reliability_words }} ({{ source.reliability }}){% if language %}, in {{ language }}{% endif +%}

{% if published %}
Published {{ published|when }}{% if published_note %} ({{ published_note }}){% endif +%}
{% else %}
Published: {{ published_note or 'not said' }}
{% endif %}

Seen {{ seen|when }}

{% if link %}
{{ link|web }}

{% endif %}
"""
    + _MARKDOWN_OTHERS
    + _MARKDOWN_END
)

_MARKDOWN_UPDATE = (
    """\
**Update, {{ severity|upper }}: {{ news[0] }}**

{% for one in news[1:] %}
* {{ one }}

{% endfor %}


{{ headline_parts|mark }}

{% if link %}
{{ link|web }}

{% endif %}
"""
    + _MARKDOWN_IN_SHORT
    + _MARKDOWN_END
)

# --- HTML ------------------------------------------------------------------------------------------------------------
# Only tags that a Matrix client shows too, and no colours: a reader's light or dark ones stay.

_HTML_BACKGROUND = """\
{% if claims or places or articles > 1 %}
<p>{% for one in claims %}
{% if loop.first %}<b>Claimed by:</b> {% else %}and by: {% endif %}{{ one.said }}<br>
{% endfor %}
{% for one in places %}
{% if loop.first %}<b>Place:</b> {% else %}also: {% endif %}{{ one.said }}<br>
{% endfor %}
{% if articles > 1 %}
{{ articles }} articles\
{% if voices %}, <b>{{ independent }} independent source{{ '' if independent == 1 else 's' }}</b>{% endif %}\
{% if first %}; first {{ first.name }}, {{ first.at|when }}{% endif %}<br>
{% if credibility %}
Credibility {{ credibility }}, {{ credibility_words }}{% if credibility_reason %}: {{ credibility_reason }}{% endif +%}
{% endif %}
{% endif %}
</p>
{% endif %}
"""

_HTML_IN_SHORT = """\
{% if claims or articles > 1 %}
<p>{% for one in claims %}
{% if loop.first %}<b>Claimed by:</b> {% else %}and by: {% endif %}{{ one.said }}<br>
{% endfor %}
{% if articles > 1 %}
{{ articles }} articles\
{% if voices %}, {{ independent }} independent source{{ '' if independent == 1 else 's' }}{% endif %}\
{% if credibility %}; credibility {{ credibility }}, {{ credibility_words }}{% endif +%}
{% endif %}
</p>
{% endif %}
"""

_HTML_OTHERS = """\
{% for one in others %}
{% if loop.first %}
<p>Also:</p>
<ul>
{% endif %}
<li>{{ one.name }}, {{ one.at|when }}{% if one.is_copy %} (copy){% endif %}{% if one.link %}<br>
{{ one.link|web }}{% endif %}</li>
{% if loop.last %}
{% if others_more %}
<li>and {{ others_more }} more</li>
{% endif %}
</ul>
{% endif %}
{% endfor %}
"""

_HTML_END = """\
<p>Why: <code>{{ explain }}</code><br>
{% if acknowledge %}
Acknowledge: {{ acknowledge|web }}<br>
{% endif %}
Message {{ key or '-' }}</p>
"""

_HTML_STORY = (
    """\
<p><b>{{ severity|upper }}: {{ rules|map(attribute='name')|join('; ') }}</b>\
{% if watches %} ({{ watches|join(', ') }}){% endif %}</p>
{% if escalation %}
<p>{{ escalation }}</p>
{% endif %}
{% if edited %}
<p>The article was edited; this is version {{ version }}.</p>
{% endif %}
<p><strong>{{ headline_parts|mark }}</strong></p>
{% for one in evidence %}
<blockquote>{{ one.parts|mark }}</blockquote>
{% endfor %}
"""
    + _HTML_BACKGROUND
    + """\

<p>{{ source.name }}{% if source.country %}, {{ source.country }}{% endif %} – \
{{ source.reliability_words }} ({{ source.reliability }}){% if language %}, in {{ language }}{% endif %}<br>
{% if published %}
Published {{ published|when }}{% if published_note %} ({{ published_note }}){% endif %}<br>
{% else %}
Published: {{ published_note or 'not said' }}<br>
{% endif %}
Seen {{ seen|when }}</p>
{% if link %}
<p>{{ link|web }}</p>
{% endif %}
"""
    + _HTML_OTHERS
    + _HTML_END
)

_HTML_UPDATE = (
    """\
<p><b>Update, {{ severity|upper }}: {{ news[0] }}</b></p>
{% for one in news[1:] %}
{% if loop.first %}
<ul>
{% endif %}
<li>{{ one }}</li>
{% if loop.last %}
</ul>
{% endif %}
{% endfor %}
<p><strong>{{ headline_parts|mark }}</strong>{% if link %}<br>
{{ link|web }}{% endif %}</p>
"""
    + _HTML_IN_SHORT
    + _HTML_END
)

STORY: dict[Format, str] = {"text": _TEXT_STORY, "markdown": _MARKDOWN_STORY, "html": _HTML_STORY}
UPDATE: dict[Format, str] = {"text": _TEXT_UPDATE, "markdown": _MARKDOWN_UPDATE, "html": _HTML_UPDATE}
