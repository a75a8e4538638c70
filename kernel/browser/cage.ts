/**
 * Takes from the worker's global scope what leads out of it: to the network, to what the browser keeps for this site, to other
 * workers and pages. Cells are code that a link may have brought; they need none of this to work on a map.
 *
 * To be called before any cell runs. The names are those of the global scopes in the HTML, Fetch, IndexedDB, Service
 * Workers, File System and CSS Font Loading standards; names a browser does not have are passed over.
 */
export function closeScope(scope: object): void {
  for (const [reason, names] of Object.entries(closed)) {
    for (const name of names.split(" ")) {
      if (!(name in scope)) continue;
      remove(scope, name);
      const refuse = () => {
        throw new Error(`Cells in a page have no ${reason}: there is no ${name}.`);
      };
      Object.defineProperty(scope, name, { get: refuse, configurable: false });
    }
  }
  const { userAgent, language, hardwareConcurrency } = (scope as { navigator: Navigator }).navigator;
  remove(scope, "navigator");
  const value = Object.freeze({ userAgent, language, hardwareConcurrency });
  Object.defineProperty(scope, "navigator", { value, configurable: false, writable: false });
}

/** By what cells have not. */
const closed: Readonly<Record<string, string>> = {
  network:
    "fetch fetchLater XMLHttpRequest WebSocket WebSocketStream EventSource WebTransport importScripts FontFace fonts",
  storage:
    "indexedDB caches cookieStore webkitRequestFileSystem webkitRequestFileSystemSync webkitResolveLocalFileSystemURL webkitResolveLocalFileSystemSyncURL",
  "other workers": "Worker SharedWorker BroadcastChannel",
};

/** Deletes a name wherever it is defined: an accessor on a prototype could be called on the scope itself. */
function remove(scope: object, name: string): void {
  for (let at: object | null = scope; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) Reflect.deleteProperty(at, name);
  }
}
