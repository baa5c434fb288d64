// The one script: live lists, keys, times in the reader's zone. Every view works without it.
// A view only marks its HTML; docs/web.md ("How a view is made") lists the attributes.
"use strict";
(() => {
  const body = document.body;
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- times --------------------------------------------------------------------------------------------------------
  const UNITS = [[172800, 86400, "d"], [5400, 3600, "h"], [90, 60, "m"], [0, 1, "s"]];
  const two = (number) => String(number).padStart(2, "0");

  function span(seconds) {
    const [, unit, letter] = UNITS.find(([from]) => Math.abs(seconds) >= from);
    return Math.round(seconds / unit) + letter;
  }

  function clock(at, seconds) {
    const text = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
    return seconds ? `${text}:${two(at.getSeconds())}` : text;
  }

  function tellTimes(root = document) {
    const now = Date.now();
    for (const time of all("time[data-time]", root)) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.valueOf())) continue;
      const ahead = (at - now) / 1000;
      const text = time.dataset.time === "ago" ? (ahead > 0 ? `in ${span(ahead)}` : `${span(-ahead)} ago`) : clock(at);
      if (time.textContent !== text) time.textContent = text;
      time.title = `${clock(at, true)} here · ${time.dateTime.replace("T", " ").replace("Z", "")} UTC`;
    }
  }

  function tellZone() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const place of all("[data-zone]")) if (zone) place.textContent = zone;
  }

  // --- what an action said ------------------------------------------------------------------------------------------
  function say(text) {
    const place = one("#said");
    const line = document.createElement("p");
    line.className = "said";
    line.textContent = text;
    place.replaceChildren(line);
  }

  // --- rows and keys ------------------------------------------------------------------------------------------------
  const rows = () => all("[data-row]");
  const chosen = () => one("[data-row].chosen");

  function choose(row, focus = true) {
    for (const other of all("[data-row].chosen")) other.classList.remove("chosen");
    if (!row) return;
    row.classList.add("chosen");
    if (focus) {
      const place = one("[data-open]", row) || one("a", row);
      if (place) place.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
  }

  function step(by) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(chosen());
    choose(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))]);
  }

  function press(key) {
    const row = chosen();
    const name = `[data-key="${CSS.escape(key)}"]`;
    const place = (row && one(name, row)) || all(name).find((found) => !found.closest("[data-row]"));
    if (!place) return false;
    if (place.matches("input, select, textarea")) {
      place.focus();
      if (place.select) place.select();
    } else place.click();
    return true;
  }

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    o: () => { const link = chosen() && one("[data-open]", chosen()); if (link) link.click(); },
    r: () => { const news = one(".news button"); if (news) news.click(); else if (!press("r")) return false; },
    "?": () => { if (body.dataset.help) location.assign(body.dataset.help); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "Escape" && typing) return typing.blur();
    if (typing || event.key.length !== 1) return;
    const act = KEYS[event.key];
    const done = act ? act() !== false : press(event.key);
    if (done) event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && row !== chosen()) choose(row, false);
  });

  // --- the changing parts of a page ---------------------------------------------------------------------------------
  // <section data-live="stories" id="list">: fetched anew when that topic changes, and put in place row by row.
  async function fetchPage(address, options = {}) {
    const answer = await fetch(address, { ...options, headers: { "X-Fragment": "1", ...options.headers } });
    const text = await answer.text();
    return { answer, page: new DOMParser().parseFromString(text, "text/html") };
  }

  function take(part, fresh) {
    const before = new Set(all("[data-row]", part).map((row) => row.id));
    const marked = chosen() && chosen().id;
    const focused = document.activeElement && part.contains(document.activeElement) && document.activeElement.id;
    part.replaceChildren(...document.adoptNode(fresh).childNodes);
    tellTimes(part);
    for (const row of all("[data-row]", part)) if (row.id && !before.has(row.id)) row.classList.add("fresh");
    if (marked) choose(document.getElementById(marked), Boolean(focused) || part.contains(document.activeElement));
    part.dispatchEvent(new CustomEvent("part:taken", { bubbles: true }));
  }

  async function renew(part) {
    try {
      const { answer, page } = await fetchPage(part.dataset.from || location.href);
      const fresh = answer.ok && page.getElementById(part.id);
      if (fresh) take(part, fresh);
      return Boolean(fresh);
    } catch {
      return false;
    }
  }

  // A list changes by itself only while nobody reads further down or works in it; else a button says that there is more.
  // What the monitor cannot see is said at once, whatever somebody does.
  function isBusy(part) {
    if (part.id === "blind") return false;
    const inside = part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
    return inside || window.scrollY > 80 || Boolean(chosen() && part.contains(chosen())) || one("details[open]", part);
  }

  function offer(part) {
    if (part.previousElementSibling && part.previousElementSibling.matches(".news")) return;
    const place = document.createElement("div");
    place.className = "news";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Something changed: load it (r)";
    button.addEventListener("click", async () => { place.remove(); await renew(part); });
    place.append(button);
    part.before(place);
  }

  function listen() {
    const address = body.dataset.events;
    if (!address || !one("[data-live]")) return;
    const state = one("[data-live-state]");
    const source = new EventSource(address);
    const show = (lost) => {
      if (!state) return;
      state.hidden = false;
      state.toggleAttribute("data-lost", lost);
      state.textContent = lost ? "not live: connecting" : "live";
    };
    let missed = false;
    source.addEventListener("open", () => { show(false); if (missed) changed(all("[data-live]")); missed = false; });
    source.addEventListener("error", () => { show(true); missed = true; });
    source.addEventListener("change", (event) => {
      const topics = JSON.parse(event.data);
      changed(all("[data-live]").filter((part) => part.dataset.live.split(" ").some((topic) => topics.includes(topic))));
    });
    window.addEventListener("pagehide", () => source.close());
  }

  function changed(parts) {
    for (const part of parts) {
      if (isBusy(part)) offer(part);
      else renew(part);
    }
  }

  // --- forms that need no new page ----------------------------------------------------------------------------------
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-quiet]") || event.defaultPrevented) return;
    event.preventDefault();
    const sent = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const { answer, page } = await fetchPage(form.action, { method: "POST", body: sent });
      const said = one("#said .said", page) || one("main h1", page);
      if (said) say(said.textContent);
      if (!answer.ok) return;
      for (const part of all("[data-live]")) {
        const fresh = page.getElementById(part.id);
        if (fresh) take(part, fresh);
        else await renew(part);
      }
    } catch {
      say("This could not be sent. Is the connection there?");
    }
  });

  // --- filters: a choice is enough, the button is for those without a script -----------------------------------------
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });

  // --- a brush over bars of time: dragging over them leads to the page of that time ---------------------------------
  // <div data-brush="/picture/border">: holds a chart whose bars are <g class="bar" data-from data-to>
  let brush = null;

  function barsUnder(part, from, to) {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    return all(".bar", part).filter((bar) => {
      const box = bar.getBoundingClientRect();
      return box.width && box.right > low && box.left < high;
    });
  }

  function paint() {
    const found = new Set(barsUnder(brush.part, brush.from, brush.to));
    for (const bar of all(".bar", brush.part)) bar.classList.toggle("brushed", found.has(bar));
  }

  document.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest("[data-brush] .bar");
    if (!bar || event.button || event.pointerType === "touch") return;
    brush = { part: bar.closest("[data-brush]"), from: event.clientX, to: event.clientX, moved: false };
  });
  document.addEventListener("dragstart", (event) => { if (brush) event.preventDefault(); });
  document.addEventListener("pointermove", (event) => {
    if (!brush) return;
    brush.to = event.clientX;
    if (!brush.moved && Math.abs(brush.to - brush.from) < 6) return;
    brush.moved = true;
    brush.part.classList.add("brushing");
    paint();
  });
  document.addEventListener("pointerup", () => {
    if (!brush) return;
    const { part, from, to, moved } = brush;
    brush = null;
    if (!moved) return;
    const bars = barsUnder(part, from, to);
    document.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
    if (!bars.length) return part.classList.remove("brushing");
    const iso = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16) + "Z";
    const address = new URL(part.dataset.brush, location.href);
    address.searchParams.set("since", iso(Math.min(...bars.map((bar) => bar.dataset.from))));
    address.searchParams.set("until", iso(Math.max(...bars.map((bar) => bar.dataset.to))));
    location.assign(address);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !brush) return;
    brush.part.classList.remove("brushing");
    brush = null;
  });

  tellTimes();
  tellZone();
  setInterval(tellTimes, 20000);
  listen();
  if (location.hash) { const row = document.getElementById(location.hash.slice(1)); if (row && row.matches("[data-row]")) choose(row); }
})();
