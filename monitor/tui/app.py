"""EDGE: the screen: a list, the story that is open, a line for searching, and a line that says how things are."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from monitor.alert.clean import one_line
from monitor.errors import MonitorError
from monitor.tui import query, words
from monitor.tui.desk import ROWS, Desk, Opened
from monitor.web.filters import wanted
from monitor.web.listed import Told
from monitor.wording import counted

AGES = 30.0  # seconds after which the list is read again for its ages, and for mutes that have ended
HELP = """\
Keys

j  k        next story, story before
o  Enter    open or close the story; arrows and page keys scroll it
u  Escape   back to the list
a           acknowledge the story
w           mark its hits wrong
s           mute it for a day
/           search; empty shows all stories
?           this help
q           quit

Filters after /, as on the page

bridge "pontoon bridge" prefix* OR -not
severity:high   state:new   watch:"Border moves"   rule:border-move
country:BY   source:ID   language:pl   since:2h   until:2026-05-10
sort:newest (or severest, both)
"""


class Watch(App[None]):
    """Stories, live."""

    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - as textual declares it
    CSS = """
    Screen, OptionList, #pane, #status, Input { background: ansi_default; color: ansi_default; }
    #list { height: 1fr; width: 1fr; border: none; padding: 0; text-wrap: nowrap; text-overflow: ellipsis; }
    #list > .option-list--option-highlighted, #list:focus > .option-list--option-highlighted {
        background: ansi_cyan; color: ansi_black; text-style: bold underline;
    }
    #list, #pane {
        scrollbar-size-vertical: 1; scrollbar-color: ansi_bright_black; scrollbar-background: ansi_default;
        scrollbar-color-hover: ansi_default; scrollbar-background-hover: ansi_default;
        scrollbar-color-active: ansi_default; scrollbar-background-active: ansi_default;
    }
    #pane { display: none; width: 1fr; height: 1fr; padding: 0 1; }
    .-wide #pane { border-left: solid ansi_bright_black; }
    .opened #pane { display: block; }
    .-narrow.opened #list { display: none; }
    #search { display: none; height: 1; border: none; padding: 0; }
    .searching #search { display: block; }
    #blind { display: none; height: 1; background: ansi_red; color: ansi_bright_white; text-style: bold; }
    .blinded #blind { display: block; }
    #status { height: 1; background: ansi_blue; color: ansi_bright_white; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)"),
        Binding("k", "move(-1)"),
        Binding("o", "open"),
        Binding("enter", "open"),
        Binding("escape,u", "leave"),
        Binding("a", "do('acknowledge')"),
        Binding("w", "do('wrong')"),
        Binding("s", "do('mute')"),
        Binding("slash", "search"),
        Binding("question_mark", "help"),
        Binding("q", "quit"),
    ]

    def __init__(
        self,
        desk: Desk,
        *,
        zone: str = "UTC",
        text: str = "",
        every: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Show what a desk reads, `every` so many seconds; `text` is a search to begin with, UsageError if wrong."""
        super().__init__(ansi_color=True)
        self._desk, self._zone, self._every, self._clock = desk, zone, every, clock
        self._given: Mapping[str, Sequence[str]] = {}
        self._filter(text)
        self._rows: list[Told] = []
        self._painted: int | None = None  # the row that is shown in the colours of the choice alone
        self._mark = ""
        self._read_at = 0.0
        self._said = ""
        self._blind = ""
        self._is_help = False
        self._is_looking = False
        self._is_trouble = False  # what was said last is that the database cannot be read

    def compose(self) -> ComposeResult:
        """Make the widgets; none of them reads markup."""
        yield Static(id="blind", markup=False)
        with Horizontal():
            yield OptionList(id="list", markup=False)
            with VerticalScroll(id="pane"):
                yield Static(id="story", markup=False)
        yield Input(id="search", placeholder="words severity:high state:new watch:NAME rule:ID", value=self._text)
        yield Static(id="status", markup=False)

    def on_mount(self) -> None:
        """Begin to look."""
        self.query_one(OptionList).focus()
        self.look()
        self.set_interval(self._every, self.look)

    # --- looking, in a thread ----------------------------------------------------------------------------------------

    def look(self, anew: bool = False) -> None:
        """Look whether something has changed, unless that is under way; `anew`: read the list in any case."""
        if anew:
            self._mark = ""
        if not self._is_looking:
            self._is_looking = True
            self._look(self._given)

    @work(thread=True, group="look")
    def _look(self, given: Mapping[str, Sequence[str]]) -> None:
        now = self._clock()
        try:
            mark, blind = self._desk.mark(), self._desk.blind(now)
            if blind != self._blind:
                self.call_from_thread(self._warn, blind)
            if mark != self._mark or now - self._read_at >= AGES:
                rows = self._desk.listed(given, now)
                self.call_from_thread(self._show, rows, mark, now, given)
        except MonitorError as error:
            self._mark = ""  # what was said of it goes when the list can be read again
            self.call_from_thread(self._say, str(error), True)
        finally:
            self._is_looking = False

    @work(thread=True, group="open", exclusive=True)
    def read(self, story_id: str) -> None:
        """Read the story that is open."""
        try:
            opened = self._desk.opened(story_id, self._clock())
            self.call_from_thread(self._tell, story_id, opened)
        except MonitorError as error:
            self.call_from_thread(self._say, str(error))

    @work(thread=True, group="write")
    def write(self, what: str, story_id: str) -> None:
        """Do something about a story, and look again."""
        deed = {"acknowledge": self._desk.acknowledge, "wrong": self._desk.wrong, "mute": self._desk.mute}[what]
        try:
            said = deed(story_id, self._clock())
        except MonitorError as error:
            said = str(error)
        self.call_from_thread(self._say, said)
        self.call_from_thread(self.look, True)

    # --- showing -----------------------------------------------------------------------------------------------------

    def _show(self, rows: list[Told], mark: str, now: float, given: Mapping[str, Sequence[str]]) -> None:
        """Put rows into the list; the story that was chosen stays so, wherever it has gone."""
        if given is not self._given:
            return  # another search was made meanwhile
        if self._is_trouble:
            self._said, self._is_trouble = "", False
        had, self._rows, self._mark, self._read_at = self.chosen, rows, mark, now
        place = self.query_one(OptionList).highlighted or 0
        ids = [one.row.id for one in rows]
        stories = self.query_one(OptionList)
        stories.clear_options()
        self._painted = None
        stories.add_options(Option(words.row(one, now), id=one.row.id) for one in rows)
        if rows:
            stories.highlighted = ids.index(had) if had in ids else min(place, len(rows) - 1)
        if self.screen.has_class("opened") and not self._is_help and self.chosen:
            self.read(self.chosen)
        self._state()

    def _tell(self, story_id: str, opened: Opened | None) -> None:
        if story_id == self.chosen and not self._is_help:
            gone = Text("The story is no longer there.")
            self.query_one("#story", Static).update(words.whole(opened, self._zone) if opened else gone)

    def _say(self, text: str, is_trouble: bool = False) -> None:
        self._said, self._is_trouble = one_line(text), is_trouble
        self._state()

    def _warn(self, blind: str) -> None:
        """Say above everything what keeps the monitor from seeing or telling; `monitor status` says more."""
        self._blind = blind
        text = Text(f"{one_line(blind)}  `monitor status` says more", no_wrap=True, overflow="ellipsis")
        self.query_one("#blind", Static).update(text)
        self.screen.set_class(bool(blind), "blinded")

    def _state(self) -> None:
        """Say how many stories there are, which filters are set, and what was done last."""
        number = (
            f"the first {ROWS} stories" if len(self._rows) == ROWS else counted(len(self._rows), "story", "stories")
        )
        search = f" · / {one_line(self._text)}" if self._text else ""
        said = f" · {self._said}" if self._said else " · ? help  q quit"
        self.query_one("#status", Static).update(Text(f"{number}{search}{said}", no_wrap=True, overflow="ellipsis"))

    @property
    def chosen(self) -> str:
        """The id of the story that the keys are about, "" for none."""
        place = self.query_one(OptionList).highlighted
        return self._rows[place].row.id if place is not None and place < len(self._rows) else ""

    # --- keys --------------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Choose the next story, or the one before."""
        stories = self.query_one(OptionList)
        if self._rows:
            stories.highlighted = min(max((stories.highlighted or 0) + by, 0), len(self._rows) - 1)

    def on_option_list_option_highlighted(self) -> None:
        """Let the open story be the one that is chosen."""
        self._paint()
        if self.screen.has_class("opened") and not self._is_help and self.chosen:
            self.read(self.chosen)

    def _paint(self) -> None:
        """Take the colours of its own from the chosen row: red or dim letters could not be read on its ground."""
        stories = self.query_one(OptionList)
        place = stories.highlighted
        for at in (self._painted, place):
            if at is not None and at < len(self._rows):
                line = words.row(self._rows[at], self._read_at)
                line = Text(line.plain, no_wrap=True, overflow="ellipsis") if at == place else line
                stories.replace_option_prompt_at_index(at, line)
        self._painted = place

    def on_option_list_option_selected(self) -> None:
        """Open with Enter, too."""
        self.action_open()

    def action_open(self) -> None:
        """Open the chosen story; close it where it is open."""
        if self.screen.has_class("opened") and not self._is_help:
            self.action_leave()
        elif self.chosen:
            self._is_help = False
            self._open()
            self.read(self.chosen)

    def action_help(self) -> None:
        """Show the keys where a story would stand."""
        self._is_help = True
        self.query_one("#story", Static).update(words.headed(HELP))
        self._open()

    def _open(self) -> None:
        self.screen.add_class("opened")
        pane = self.query_one("#pane", VerticalScroll)
        pane.scroll_home(animate=False)
        pane.focus()

    def action_leave(self) -> None:
        """Go back to the list."""
        self._is_help = False
        self.screen.remove_class("opened", "searching")
        self.query_one(OptionList).focus()

    def action_do(self, what: str) -> None:
        """Do something about the chosen story."""
        if self.chosen and not self._is_help:
            self.write(what, self.chosen)

    # --- searching ---------------------------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Ask for words and filters."""
        self.action_leave()
        self.screen.add_class("searching")
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search; what is wrong with it is said, and it may be mended."""
        try:
            self._filter(event.value)
        except MonitorError as error:
            self._say(str(error))
            return
        self._said = ""
        self.action_leave()
        self.look(True)

    def _filter(self, text: str) -> None:
        given = query.read(text)
        wanted(given, self._clock())  # for its UsageError
        self._text, self._given = text.strip(), given
