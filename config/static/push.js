// Asks the browser for a push subscription when the person presses the button, and sends it with the form.
"use strict";
{
  const form = document.querySelector("[data-push]");
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  const show = (name, visible) => { form.querySelector(`[data-push-${name}]`).hidden = !visible; };
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

  const subscribe = async () => {
    const registration = await navigator.serviceWorker.register(form.dataset.worker);
    await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) };
    try { return await registration.pushManager.subscribe(options); } catch (error) {
      // Bound to a former key of this site: let go, then once more.
      const former = await registration.pushManager.getSubscription();
      if (!former) throw error;
      await former.unsubscribe();
      return registration.pushManager.subscribe(options);
    }
  };

  if (form && able) {
    show("button", true);
    show("unable", false);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      show("failed", false);
      const permission = await Notification.requestPermission();
      show("denied", permission !== "granted");
      if (permission !== "granted") return;
      try {
        const { endpoint, keys } = (await subscribe()).toJSON();
        Object.entries({ endpoint, p256dh: keys.p256dh, auth: keys.auth }).forEach(([name, value]) => { form.elements[name].value = value; });
        form.submit();
      } catch { show("failed", true); }
    });
  }
}
