// Shows what the office sends, once: a message that comes twice has the same tag. Keeps nothing, reads no page.
"use strict";

self.addEventListener("push", (event) => {
  const { title, body, url, tag, stop, stop_label: stopLabel, lang, icon } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, {
    body, tag, lang, icon, data: { url, stop }, actions: [{ action: "stop", title: stopLabel }],
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, stop } = event.notification.data;
  event.waitUntil(clients.openWindow(event.action === "stop" ? stop : url));
});
