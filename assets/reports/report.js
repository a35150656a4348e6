"use strict";
(function () {
  const body = document.body;
  const find = document.getElementById("find");
  const count = document.getElementById("count");
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const sections = all(".sec");
  const entries = new Map(all(".toc a").map((a) => [a.hash, a.parentNode]));
  // In a long report a section is plain text to the browser until it is opened; else an exchange is.
  const many = sections.length > 0 && sections[0].querySelector(":scope > .inner > noscript") !== null;
  const kept = (element) => element.querySelector(many ? ":scope > .inner > noscript" : ":scope > noscript");
  const exchanges = all(".x");
  const steps = all(".step, .poll");
  const units = many ? sections : exchanges;

  function fill(element) {
    const text = kept(element);
    if (text) {
      const holder = document.createElement("template");
      holder.innerHTML = text.textContent;
      text.replaceWith(holder.content);
    }
  }
  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches(".x, .sec") && event.target.open) fill(event.target);
  }, true);
  if (many) sections.forEach((one) => { if (one.open) fill(one); });

  function show(element) {
    for (let at = element; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") { fill(at); at.open = true; }
      at.classList.remove("nohit");
    }
  }
  function go(hash) {
    const place = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!place) return;
    show(place);
    place.scrollIntoView();
    const first = place.tagName === "DETAILS" ? place.querySelector("summary") : place;
    first.focus({ preventScroll: true });
  }
  window.addEventListener("hashchange", () => go(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) go(link.hash);
  });

  // The texts to search: made once, in slices, when they are first asked for.
  const texts = new Map();
  const wide = (text) => text.toLowerCase();
  const plain = (html) => wide(html.replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&#34;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&"));
  function textOf(unit) {
    let text = texts.get(unit);
    if (text === undefined) {
      const inner = kept(unit);
      text = wide(unit.querySelector("summary").textContent) + " " + (inner ? plain(inner.textContent) : wide(unit.textContent));
      texts.set(unit, text);
    }
    return text;
  }
  const own = (element) => {
    const title = element.querySelector(":scope > summary, :scope > .head");
    let text = title ? title.textContent : "";
    all(":scope > .checks, :scope > .message, :scope > .note, :scope > .captured, :scope > .legend, :scope > .inner > .facts", element)
      .forEach((part) => { text += " " + part.textContent; });
    return wide(text);
  };

  let asked = 0;
  async function search() {
    const mine = ++asked;
    const wanted = wide(find.value.trim());
    if (!wanted) {
      all(".nohit").forEach((one) => one.classList.remove("nohit"));
      count.textContent = "";
      return;
    }
    const hits = new Set();
    let begun = performance.now();
    for (const one of units) {
      if (textOf(one).includes(wanted)) hits.add(one);
      if (performance.now() - begun > 120) {
        if (count.textContent !== "searching …") count.textContent = "searching …";
        await new Promise((done) => setTimeout(done));
        if (mine !== asked) return;
        begun = performance.now();
      }
    }
    const seen = many ? showSections(hits) : showExchanges(hits, wanted);
    for (const one of sections) {
      const entry = entries.get("#" + one.id);
      if (entry) entry.classList.toggle("nohit", one.classList.contains("nohit"));
    }
    const what = many ? " sections" : exchanges.length === 1 ? " exchange" : " exchanges";
    count.textContent = seen.toLocaleString("en") + " of " + units.length.toLocaleString("en") + what;
  }
  function showSections(hits) {
    for (const one of sections) one.classList.toggle("nohit", !hits.has(one));
    return hits.size;
  }
  function showExchanges(hits, wanted) {
    const shown = new Set();
    const parents = (element) => { for (let at = element; at && at !== body; at = at.parentElement) shown.add(at); };
    const whole = new Set([...sections, ...steps].filter((one) => own(one).includes(wanted)));
    hits.forEach(parents);
    whole.forEach(parents);
    const within = (element) => { for (let at = element.parentElement; at; at = at.parentElement) if (whole.has(at)) return true; return false; };
    let seen = 0;
    for (const one of [...exchanges, ...steps, ...sections]) {
      const visible = shown.has(one) || within(one);
      one.classList.toggle("nohit", !visible);
      if (visible && one.classList.contains("x")) seen += 1;
    }
    if (hits.size && hits.size <= 30) hits.forEach((x) => { for (let at = x.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true; });
    return seen;
  }
  let waiting = 0;
  find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 150); });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { find.value = ""; search(); }
    if (event.key === "Enter") {
      clearTimeout(waiting);
      search().then(() => { const hit = units.find((one) => !one.closest(".nohit")); if (hit) { show(hit); hit.scrollIntoView({ block: "center" }); } });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName) && !event.ctrlKey && !event.metaKey) { event.preventDefault(); find.focus(); }
  });

  function pressed(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    return on;
  }
  const failed = document.getElementById("failed");
  failed.addEventListener("click", () => body.classList.toggle("only-failed", pressed(failed)));
  const open = document.getElementById("open");
  open.addEventListener("click", () => {
    const on = pressed(open);
    open.textContent = on ? "Close all sections" : "Open all sections";
    sections.forEach((one) => { one.open = on; });
  });
  const failures = many ? all('.sec[data-ok="0"]') : all('.step[data-ok="0"], .sec > .inner > .x[data-ok="0"], .sec > .inner > .poll[data-ok="0"]');
  if (many) open.hidden = true;
  const next = document.getElementById("next");
  next.disabled = !failures.length;
  failed.disabled = !all('.sec[data-ok="0"]').length;
  let at = -1;
  next.addEventListener("click", () => {
    at = (at + 1) % failures.length;
    show(failures[at]);
    failures[at].scrollIntoView({ block: "start" });
    count.textContent = "failure " + (at + 1) + " of " + failures.length;
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch (error) {
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  window.addEventListener("beforeprint", () => all(".x[open], .sec[open]").forEach(fill));
  if (matchMedia("(max-width:900px)").matches) all(".toc details").forEach((one) => { one.open = false; });
  if (location.hash) go(location.hash);
})();
