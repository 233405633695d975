// The trainer's list without a connection. Each mark waits in this phone, with a number of its own, until the site has
// answered it; the list itself is kept so that it opens again (attendance-worker.js). Without this file the form is sent.
"use strict";
{
  const form = document.querySelector("[data-attendance]");
  const { attendance: session, entries: address, worker } = form?.dataset ?? {};
  const store = `attendance-${document.body.dataset.staff}`;
  const state = form?.querySelector("[data-attendance-state]");
  const words = form?.querySelector("template")?.content;
  let sending = false;

  // --- What waits: [{id, session, enrolment, mark, seen, at, conflict?}], a person once; no names ---

  const waiting = () => JSON.parse(localStorage.getItem(store) ?? "[]");
  const keep = (entries) => entries.length ? localStorage.setItem(store, JSON.stringify(entries)) : localStorage.removeItem(store);
  const without = (id) => keep(waiting().filter((each) => each.id !== id));
  const here = (entry) => String(entry.session) === session;

  function add(enrolment, mark, seen) {
    const others = waiting().filter((each) => !(here(each) && each.enrolment === enrolment));
    keep([...others, { id: crypto.randomUUID(), session, enrolment, mark, seen, at: new Date().toISOString() }]);
  }

  // --- What the page shows ---

  const row = (enrolment) => form.querySelector(`[data-enrolment="${enrolment}"]`);
  const label = (mark) => form.querySelector(`[value="${mark}"] + label`).textContent;
  const say = (name, detail = "") => { state.textContent = words.querySelector(`[data-words="${name}"]`).textContent + detail; state.hidden = false; };
  const check = (enrolment, mark) => { const found = row(enrolment)?.querySelector(`[value="${mark}"]`); if (found) found.checked = true; };

  function contest(entry) {
    const place = row(entry.enrolment);
    if (!place) return;
    place.querySelector("[data-conflict]")?.remove();
    const shown = words.querySelector("[data-conflict]").cloneNode(true);
    const sentence = shown.querySelector("p");
    for (const [name, value] of [["{who}", entry.conflict.who], ["{theirs}", label(entry.conflict.mark)], ["{mine}", label(entry.mark)]])
      sentence.textContent = sentence.textContent.replace(name, () => value);
    const [mine, theirs] = shown.querySelectorAll("button");
    mine.addEventListener("click", () => { settle(entry, entry.mark); add(entry.enrolment, entry.mark, entry.conflict.mark); send(); });
    theirs.addEventListener("click", () => { settle(entry, entry.conflict.mark); without(entry.id); });
    place.append(shown);
  }

  function settle(entry, mark) {
    row(entry.enrolment)?.querySelector("[data-conflict]")?.remove();
    row(entry.enrolment).dataset.seen = entry.conflict.mark;
    check(entry.enrolment, mark);
  }

  function answered(entry, result) {
    if (result.result === "conflict") {
      keep(waiting().map((each) => each.id === entry.id ? { ...each, conflict: result } : each));
      if (here(entry)) waiting().filter((each) => each.id === entry.id).forEach(contest);
      return;
    }
    without(entry.id);
    const place = here(entry) && row(entry.enrolment);
    if (place && result.mark) place.dataset.seen = result.mark;
    const newer = waiting().some((each) => here(each) && each.enrolment === entry.enrolment);
    if (place && result.result === "older" && !newer) check(entry.enrolment, result.mark);
  }

  // --- Sending ---

  async function send() {
    const entries = waiting().filter((each) => !each.conflict);
    if (!entries.length || sending) return;
    sending = true;
    say("waiting");
    try {
      const hello = await fetch(address, { redirect: "manual" });
      if (hello.status >= 500) return;
      if (!hello.ok) { say("signin"); await caches.delete(store); return; }
      const { token } = await hello.json();
      const answer = await fetch(address, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token, "Content-Type": "application/json" }, body: JSON.stringify({ entries }) });
      if (!answer.ok) return;
      const results = (await answer.json()).entries;
      for (const result of results) answered(entries.find((each) => each.id === result.id), result);
      const refused = results.find((each) => each.result === "refused");
      if (refused) say("refused", ` ${refused.words}`);
      else say(waiting().some((each) => each.conflict) ? "conflict" : "saved");
      await keepPage();
    } catch {
      // no connection: what waits stays
    } finally {
      sending = false;
    }
    if (waiting().some((each) => !each.conflict && !entries.some((one) => one.id === each.id))) send();
  }

  // --- The page itself ---

  async function keepPage() {
    const parts = performance.getEntriesByType("resource").map((each) => each.name).filter((name) => name.startsWith(`${location.origin}/static/`));
    const cache = await caches.open(store);
    await cache.addAll([location.origin + location.pathname, ...new Set(parts)]);
    form.querySelector("[data-attendance-kept]").hidden = false;
  }

  if (form && globalThis.crypto?.randomUUID) { // over https
    waiting().filter(here).forEach((each) => each.conflict ? contest(each) : check(each.enrolment, each.mark));
    form.addEventListener("change", ({ target }) => {
      const place = target.closest("[data-enrolment]");
      place.querySelector("[data-conflict]")?.remove();
      add(Number(place.dataset.enrolment), target.value, place.dataset.seen);
      send();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (waiting().length) send(); else say("saved");
    });
    addEventListener("online", send);
    setInterval(() => navigator.onLine && send(), 10000); // the first moment of a connection often carries nothing yet
    send();
    if (navigator.serviceWorker) navigator.serviceWorker.register(worker).then(() => navigator.serviceWorker.ready).then(keepPage).catch(() => {});
  }
}
