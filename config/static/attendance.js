// The trainer's list without a connection: what was marked waits in this phone and is sent when it can be.
"use strict";
{
  const form = document.querySelector("[data-attendance]");
  const key = `attendance-${form?.dataset.attendance}`;
  const state = form?.querySelector("[data-attendance-state]");
  const say = (words) => { state.textContent = words; state.hidden = false; };

  const send = async (fields, sent) => {
    const token = form.elements.csrfmiddlewaretoken.value;
    const body = new URLSearchParams([...fields.filter(([name]) => name !== "csrfmiddlewaretoken"), ["csrfmiddlewaretoken", token]]);
    const answer = await fetch(form.action || location.href, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 403) { say(form.dataset.signin); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    if (localStorage.getItem(key) === sent) localStorage.removeItem(key); // unless something was marked meanwhile
    say(form.dataset.saved);
  };

  const sendWaiting = async () => {
    const waiting = localStorage.getItem(key);
    if (!waiting) return;
    say(form.dataset.waiting);
    try { await send(JSON.parse(waiting), waiting); } catch { say(form.dataset.waiting); }
  };

  if (form) {
    const waiting = JSON.parse(localStorage.getItem(key) ?? "[]");
    for (const [name, value] of waiting) {
      const mark = [...form.querySelectorAll(`[name="${name}"]`)].find((each) => each.value === value);
      if (mark && mark.type === "radio") mark.checked = true;
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = [...new FormData(form), ["at", new Date().toISOString()]];
      localStorage.setItem(key, JSON.stringify(fields.filter(([name]) => name !== "csrfmiddlewaretoken")));
      await sendWaiting();
    });
    window.addEventListener("online", sendWaiting);
    sendWaiting();
  }
}
