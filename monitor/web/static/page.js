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

  function showWhere() {
    const nav = one(".top nav");
    const here = nav && one("[aria-current]", nav);
    if (here) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
  }

  // --- what an action said ------------------------------------------------------------------------------------------
  function say(text) {
    const place = one("#said");
    const line = document.createElement("p");
    line.className = "said";
    line.textContent = text;
    place.replaceChildren(line);
    leave(line);
  }

  function leave(line) {
    if (line) setTimeout(() => line.remove(), 8000);
  }

  // --- menus: a click beside one or Escape closes it ----------------------------------------------------------------
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && one("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    one("summary", menu).focus();
  });

  // --- rows and keys ------------------------------------------------------------------------------------------------
  const rows = () => all("[data-row]");
  const chosen = () => one("[data-row].chosen");

  function choose(row, focus = true) {
    for (const other of all("[data-row].chosen")) other.classList.remove("chosen");
    if (!row) return;
    row.classList.add("chosen");
    history.replaceState({ ...history.state, row: row.id }, "");
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

  // A row that is done gives its place to the next, so a key pressed twice in haste would do it to that one, too.
  const HASTE = 400; // milliseconds
  let pressed = { key: "", at: 0 };

  function press(key) {
    const row = chosen();
    const name = `[data-key="${CSS.escape(key)}"]`;
    const place = (row && one(name, row)) || all(name).find((found) => !found.closest("[data-row]"));
    if (!place) return false;
    const hasty = pressed.key === key && Date.now() - pressed.at < HASTE;
    pressed = { key, at: Date.now() };
    if (hasty) return true;
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
    if (event.key === "Escape") return typing ? typing.blur() : choose(null);
    if (typing || event.key.length !== 1) return;
    if (event.repeat && !"jk".includes(event.key)) return; // a key that is held down acts once
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

  const taken = new WeakMap(); // part -> the number of the question whose answer it shows
  let questions = 0;

  function take(part, fresh, question = ++questions) {
    if (question < (taken.get(part) || 0)) return; // it shows something newer already
    taken.set(part, question);
    const news = part.previousElementSibling;
    if (news && news.matches(".news")) news.remove();
    const before = new Set(all("[data-row]", part).map((row) => row.id));
    const marked = chosen() && chosen().id;
    const place = rows().indexOf(chosen());
    const held = part.contains(document.activeElement);
    part.replaceChildren(...document.adoptNode(fresh).childNodes);
    tellTimes(part);
    for (const row of all("[data-row]", part)) if (row.id && !before.has(row.id)) row.classList.add("fresh");
    // Where the chosen row has gone, the one in its place is next: whoever works through a list need not begin anew.
    if (marked && !document.getElementById(marked)) pressed.at = Date.now();
    if (marked) choose(document.getElementById(marked) || rows()[Math.min(place, rows().length - 1)], held);
    part.dispatchEvent(new CustomEvent("part:taken", { bubbles: true }));
  }

  async function renew(part, asked = true) {
    const question = ++questions;
    try {
      const { answer, page } = await fetchPage(part.dataset.from || location.href);
      const fresh = answer.ok && page.getElementById(part.id);
      if (answer.status === 401) say("You are not logged in any more: load the page anew.");
      if (!fresh) return;
      if (!asked && isBusy(part)) offer(part); // somebody has begun to work in it
      else take(part, fresh, question);
    } catch {
      // The connection is gone; the page says so, and fetches anew when it is back.
    }
  }

  // A list changes by itself only while nobody reads further down or works in it; else a button says that there is more.
  // What the monitor cannot see is said at once, whatever somebody does.
  function isBusy(part) {
    if (part.id === "blind") return false;
    const inside = part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
    return inside || window.scrollY > 80 || Boolean(chosen() && part.contains(chosen())) || one("details[open], input:checked", part);
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

  // Browsers keep six connections to a host: a seventh page that listens would wait for ever. So one page of a browser
  // listens for all of them and passes on what it hears; where that cannot be agreed on, those that are hidden do not.
  const others = "BroadcastChannel" in window && navigator.locks ? new BroadcastChannel("monitor") : null;
  let source = null;
  let missed = false; // changes may have gone by unheard

  function listen() {
    if (!body.dataset.events || !one("[data-live]:not(#blind)")) return;
    if (!others) {
      document.addEventListener("visibilitychange", () => (document.hidden ? silent() : hear(body.dataset.events)));
      window.addEventListener("pageshow", () => hear(body.dataset.events));
      window.addEventListener("pagehide", silent);
      return document.hidden ? undefined : hear(body.dataset.events);
    }
    others.addEventListener("message", ({ data }) => (data === "hello" ? source && others.postMessage(state()) : heard(data)));
    const lead = () => { hear(body.dataset.events); return new Promise(() => {}); }; // until the page is left
    navigator.locks.request("monitor events", { ifAvailable: true }, (mine) => {
      if (mine) return lead();
      others.postMessage("hello");
      navigator.locks.request("monitor events", () => { missed = true; return lead(); });
    });
  }

  function hear(address) {
    if (source) return;
    source = new EventSource(address);
    source.addEventListener("open", () => { pass({ ...state(), missed }); missed = false; });
    source.addEventListener("change", (event) => pass({ topics: JSON.parse(event.data) }));
    source.addEventListener("error", () => {
      missed = true;
      pass({ live: false });
      if (!source || source.readyState !== EventSource.CLOSED) return; // else the browser tries again by itself
      source = null;
      setTimeout(() => hear(address), 10000);
    });
  }

  const state = () => ({ live: source.readyState === EventSource.OPEN });

  function silent() {
    if (source) source.close();
    source = null;
    missed = true;
  }

  function pass(news) {
    if (others) others.postMessage(news);
    heard(news);
  }

  function heard({ live, topics, missed: everything }) {
    const place = one("[data-live-state]");
    if (place && live !== undefined) {
      place.hidden = false;
      place.toggleAttribute("data-lost", !live);
      place.textContent = live ? "live" : "not live: connecting";
    }
    const concerned = (part) => everything || part.dataset.live.split(" ").some((topic) => topics.includes(topic));
    if (everything || topics) changed(all("[data-live]").filter(concerned));
  }

  function changed(parts) {
    for (const part of parts) {
      if (isBusy(part)) offer(part);
      else renew(part, false);
    }
  }

  // --- charts are sent in one width: that of the window, as the server believes --------------------------------------
  const PHONE = window.matchMedia("(max-width: 640px)");

  function fit() {
    const wrong = all(PHONE.matches ? ".chart-wide" : ".chart-narrow");
    if (!wrong.length) return;
    document.cookie = `narrow=${Number(PHONE.matches)}; path=/; max-age=31536000; samesite=lax`;
    for (const part of new Set(wrong.map((chart) => chart.closest("[data-live], [data-fit]")))) if (part) renew(part);
  }

  // --- forms that need no new page ----------------------------------------------------------------------------------
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-quiet]") || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.sent) return; // a key that was pressed twice
    form.dataset.sent = "1";
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
    } finally {
      delete form.dataset.sent;
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
    if (!bar || event.button || !event.isPrimary) return;
    brush = { part: bar.closest("[data-brush]"), from: event.clientX, to: event.clientX, moved: false };
  });
  // A finger that goes up or down scrolls the page (touch-action: pan-y), and the browser takes it away from the brush.
  document.addEventListener("pointercancel", () => {
    if (brush) brush.part.classList.remove("brushing");
    brush = null;
  });
  document.addEventListener("dragstart", (event) => { if (brush) event.preventDefault(); });
  document.addEventListener("pointermove", (event) => {
    if (!brush) return;
    if (!event.isPrimary) return;
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
    const stay = (event) => event.preventDefault(); // the click that a mouse makes of it; a finger makes none
    document.addEventListener("click", stay, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", stay, { capture: true }), 0);
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
  showWhere();
  leave(one("#said .said"));
  setInterval(tellTimes, 20000);
  PHONE.addEventListener("change", fit);
  fit();
  listen();
  if (location.hash) { const row = document.getElementById(location.hash.slice(1)); if (row && row.matches("[data-row]")) choose(row); }
  // Back from a story, the row that was left is the chosen one again.
  const [came] = performance.getEntriesByType("navigation");
  const left = came && came.type === "back_forward" && history.state && document.getElementById(history.state.row);
  if (left && left.matches("[data-row]")) choose(left);
})();
