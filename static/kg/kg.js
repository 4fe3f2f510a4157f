/*
 * What the pages do beyond HTML: appearance, drafts, focus, keys, toasts. No dependency, no eval, nothing inline.
 * Every feature has a way without this file: a form, a link, a reload.
 */
(() => {
  "use strict";

  const root = document.documentElement;
  const first = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const toasts = first("#toasts");
  const words = toasts ? toasts.dataset : {};

  /* ---- toasts ---- */

  function toast(text, kind = "ok") {
    if (!toasts || !text) return;
    const box = document.createElement("div");
    box.className = "toast " + kind;
    box.textContent = text;
    toasts.append(box);
    setTimeout(() => box.remove(), kind === "ok" ? 6000 : 12000);
  }

  // The server asks for one with the header  HX-Trigger: {"toast": {"text": …, "kind": "ok|go|bad"}}
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));

  document.addEventListener("htmx:error", () => toast(words.lost, "bad"));

  // A failing server must not paint its error page into a table row.
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.status >= 500) {
      event.preventDefault();
      if (!event.detail.ctx.hx.trigger) toast(words.failed, "bad");
    }
  });

  /* ---- appearance: theme, size, width of the navigation, single keys. The server reads the same cookies ---- */

  const looks = { theme: "dark", size: "big", nav: "mini", keys: "off" };

  function toggle(name) {
    const value = root.dataset[name] === looks[name] ? "" : looks[name];
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
    document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax` +
      (location.protocol === "https:" ? ";secure" : "");
    all(`[data-look=${name}]`).forEach((b) => b.setAttribute("aria-pressed", String(Boolean(value))));
  }

  /* ---- clicks ---- */

  document.addEventListener("click", (event) => {
    const look = event.target.closest("[data-look]");
    if (look && looks[look.dataset.look]) {
      event.preventDefault();
      toggle(look.dataset.look);
    }
    const chip = event.target.closest("[data-say]");
    if (chip) say(chip);
    const opener = event.target.closest("[data-open]");
    const dialog = opener && document.getElementById(opener.dataset.open);
    if (dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    const menu = first("details.user[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  function say(chip) {
    const field = chip.dataset.for ? document.getElementById(chip.dataset.for) : first("textarea", chip.form || document);
    if (!field) return;
    field.value = chip.dataset.say;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-all]");
    if (box) all(`[name="${box.dataset.all}"]`, box.form).forEach((each) => { each.checked = box.checked; });
  });

  /* ---- keys: J and K walk a list, the letter on a button goes to it; never while typing ---- */

  const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  function walk(step) {
    const stops = all(".inbox .ttl, [data-list] a.ttl").filter((a) => a.offsetParent);
    if (!stops.length) return;
    const row = document.activeElement.closest("tr, li");
    const at = stops.findIndex((a) => a === document.activeElement || (row && row.contains(a)));
    const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), stops.length - 1);
    stops[next].focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = first("details.user[open]");
      if (menu) { menu.open = false; first("summary", menu).focus(); }
    }
    if (root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (first("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
    const button = /^[a-z]$/.test(key) && first(`[data-key="${key}"]:not([disabled])`);
    if (button) button.focus();
  });

  /* ---- drafts: what is typed into form[data-draft] survives a reload, an error and an expired session ---- */

  const DAYS = 7;
  const owner = document.body.dataset.user || "";
  const draftKey = (form) => `draft:${owner}:${form.dataset.draft}`;
  const isKept = (field) => field.name && field.name !== "csrfmiddlewaretoken" &&
    !/^(hidden|password|file|submit|button)$/.test(field.type);

  function storage(work) {
    try { return work(localStorage); } catch { return null; }   // full or forbidden: the form still works
  }

  function keep(form) {
    const values = Array.from(form.elements).filter(isKept).map((f) => [f.name, f.value, f.checked === true]);
    const saved = storage((s) => { s.setItem(draftKey(form), JSON.stringify({ at: Date.now(), values })); return true; });
    if (saved) note(form, words.saved, Date.now());
  }

  function note(form, text, at) {
    const line = first("[data-draft-note]", form);
    if (!line || !text) return;
    const time = new Date(at);
    line.textContent = text.replace("{}", `${time.getHours()}:${String(time.getMinutes()).padStart(2, "0")}`);
  }

  function put(form, values) {
    let changed = false;
    const left = values.slice();
    Array.from(form.elements).filter(isKept).forEach((field) => {
      const choice = /^(checkbox|radio)$/.test(field.type);
      const at = left.findIndex((v) => v[0] === field.name && (!choice || v[1] === field.value));
      if (at < 0) return;
      const [, value, checked] = left.splice(at, 1)[0];
      if (choice ? field.checked !== checked : field.value !== value) {
        if (choice) field.checked = checked; else field.value = value;
        changed = true;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    return changed;
  }

  function restore(form) {
    if (form.dataset.restored) return;
    form.dataset.restored = "1";
    const kept = storage((s) => JSON.parse(s.getItem(draftKey(form))));
    if (!kept) return;
    if (Date.now() - kept.at > DAYS * 864e5) return forget(draftKey(form));
    if (first("[aria-invalid=true]", form)) return;           // the server's answer already holds what was typed
    if (put(form, kept.values)) note(form, words.restored, kept.at);
  }

  const forget = (key) => storage((s) => { s.removeItem(key); s.removeItem("sent:" + key); });

  // A submitted form is done with when the next page is neither an error, nor the sign-in page, nor the form again.
  function settle() {
    if (document.body.hasAttribute("data-keep-drafts")) return;
    const here = all("form[data-draft]").map(draftKey);
    storage((s) => Object.keys(s).filter((k) => k.startsWith("sent:")).map((k) => k.slice(5))
      .filter((key) => key.startsWith(`draft:${owner}:`) && !here.includes(key)).forEach(forget));
  }

  let timer = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !form.dataset.draft || !event.isTrusted) return;
    clearTimeout(timer);
    timer = setTimeout(() => keep(form), 400);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.draft) return;
    clearTimeout(timer);
    keep(form);
    storage((s) => s.setItem("sent:" + draftKey(form), "1"));
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { request, response } = event.detail.ctx;
    if (request.form && request.form.dataset.draft && response.status < 400) forget(draftKey(request.form));
  });

  document.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-draft-drop]");
    if (drop) { forget(draftKey(drop.form)); drop.form.reset(); note(drop.form, words.dropped, Date.now()); }
  });

  if (document.body.hasAttribute("data-drop-drafts")) {       // signed out on purpose: leave nothing on this machine
    storage((s) => Object.keys(s).filter((k) => /^(sent:)?draft:/.test(k)).forEach((k) => s.removeItem(k)));
  }

  /* ---- focus: to the summary of errors, the first wrong field, or the row that has just been dealt with ---- */

  function lead(within) {
    const stop = first("[data-focus]", within) || first("[aria-invalid=true]", within) || first("[data-done]", within);
    if (stop && !stop.dataset.seen) {
      stop.dataset.seen = "1";
      stop.focus();
    }
  }

  function arrive(within) {
    all("form[data-draft]", within).forEach(restore);
    lead(within);
  }

  document.addEventListener("htmx:after:swap", () => arrive(document));
  settle();
  arrive(document);
})();
