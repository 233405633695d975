// Shows the attendance lists that attendance.js has kept in this phone when there is no connection. It keeps nothing
// itself, and forgets all of them once the session of the trainer is over or the site no longer shows the list.
"use strict";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

async function answer(request) {
  let response;
  try {
    response = await fetch(request);
  } catch {
    return kept(request);
  }
  const refused = response.type === "opaqueredirect" || [403, 404].includes(response.status);
  if (request.mode === "navigate" && refused) await forget();
  return response;
}

async function kept(request) {
  const found = await caches.match(request.url, { ignoreVary: true });
  const until = found?.headers.get("Kanvas-Until");
  if (until && Date.now() > Number(until)) {
    await forget();
    return Response.error();
  }
  return found ?? Response.error();
}

async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("attendance-")).map((name) => caches.delete(name)));
}
