// Comfort only: every page works without this file.
"use strict";

const desktop = matchMedia("(min-width: 992px)");

function prepare(root) {
  root.querySelector("#kesalahan")?.focus();
  if (desktop.matches) root.querySelectorAll("details.kk-filter").forEach((filter) => { filter.open = true; });
}

// A second click does not send a form twice; a form that htmx sends has prevented the default already.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), 10000);
});

function release(form) {
  delete form.dataset.sent;
  form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
}

addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// A copy button shows itself only where copying works.
if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
});

// "/" goes to the staff search, J and K walk through the review queue.
document.addEventListener("keydown", (event) => {
  if ("shortcutsOff" in document.body.dataset || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select, [contenteditable]")) return;
  if (event.key === "/") {
    const search = document.getElementById("cari-petugas");
    if (search) { event.preventDefault(); search.focus(); }
  }
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (step) {
    const links = [...document.querySelectorAll(".kk-review-queue a")];
    const here = links.indexOf(document.activeElement);
    const start = here < 0 ? links.findIndex((link) => link.hasAttribute("aria-current")) : here;
    links[start + step]?.focus();
  }
});

// Five minutes before the session of staff ends they are told, and one button goes on (WCAG 2.2.1).
const session = document.getElementById("sesi");
if (session) {
  let ends;
  const restart = () => { ends = Date.now() + session.dataset.seconds * 1000; session.hidden = true; };
  session.addEventListener("submit", restart);
  setInterval(() => { session.hidden = ends - Date.now() > 300000; }, 10000);
  restart();
}

// Attendance lists kept in this phone belong to the trainer who is signed in; nobody else's page leaves them there.
globalThis.caches?.keys().then((names) => names
  .filter((name) => name.startsWith("attendance-") && name !== `attendance-${document.body.dataset.staff}`)
  .forEach((name) => caches.delete(name)));

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));
