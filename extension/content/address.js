// Tells when a page that never reloads goes to another address. Reads nothing of the page.
(() => {
  /** @param {() => void} changed @returns {() => void} ends the watch */
  function watchAddress(changed) {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    addEventListener("popstate", changed, options);
    addEventListener("hashchange", changed, options);
    addEventListener("pageshow", changed, options);
    // history.pushState makes no event; the Navigation API, where it is there, tells of it.
    const navigation = /** @type {EventTarget | undefined} */ (/** @type {any} */ (globalThis).navigation);
    navigation?.addEventListener?.("currententrychange", changed, options);
    return () => controller.abort();
  }

  nightlight.watchAddress = watchAddress;
})();
