// When the page is there and quiet: the copy for offline reading must not slow down the first visit.
if ("serviceWorker" in navigator && import.meta.env.PROD) {
  addEventListener("load", () => {
    const later = window.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 2000));
    later(() => {
      const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");
      // Private windows and file systems forbid it: then the site is one for online reading.
      navigator.serviceWorker.register(`${base}serviceworker.js`).catch(() => undefined);
    });
  });
}
