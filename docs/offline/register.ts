// When the page is there and quiet: the copy for offline reading must not slow down the first visit.
if ("serviceWorker" in navigator && import.meta.env.PROD) {
  addEventListener("load", () => {
    const later = window.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 2000));
    later(() => void register());
  });
}

async function register(): Promise<void> {
  const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");
  try {
    const registration: ServiceWorkerRegistration | undefined = await navigator.serviceWorker.register(
      `${base}serviceworker.js`,
    );
    // What forbids service workers may do so by giving none.
    if (registration === undefined) return;
    // Nor what its reader does then.
    for (const act of ["pointerdown", "click", "keydown", "input"])
      addEventListener(act, () => registration.installing?.postMessage(act), {
        capture: true,
        passive: true,
      });
  } catch {
    // Private windows and file systems forbid it: then the site is one for online reading.
  }
}
