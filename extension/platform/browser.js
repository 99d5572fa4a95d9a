// All that differs between Chromium and Firefox lives here, and nothing else does. It is a classic script as well as a
// module without exports, because content scripts cannot import: both sides find it in the shared object.
(() => {
  const room = (globalThis.nightlight ??= /** @type {any} */ ({}));
  /** @type {typeof chrome} */
  const api = /** @type {any} */ (globalThis).browser ?? globalThis.chrome;

  /** Firefox's extension addresses have a scheme of their own. */
  const isFirefox = () => api.runtime.getURL("").startsWith("moz-extension:");

  room.browser = {
    api,

    /** Whether the extension that put this script here is still there; after an update it no longer is. */
    alive() {
      return Boolean(api.runtime?.id);
    },

    /**
     * The match pattern for all pages of an origin. Firefox's patterns know no ports, so there one origin stands for
     * its host; the background compares the exact origin again before it lets a page be read.
     * @param {string} origin
     */
    originPattern(origin) {
      const { protocol, host, hostname } = new URL(origin);
      return `${protocol}//${isFirefox() ? hostname : host}/*`;
    },

    /** The files of the content script, as the manifest lists them; Firefox gives them back as whole addresses. */
    contentFiles() {
      const root = api.runtime.getURL("");
      const files = api.runtime.getManifest().content_scripts?.[0]?.js ?? [];
      return files.map((file) => (file.startsWith(root) ? file.slice(root.length) : file));
    },

    /** Keeps stored settings away from content scripts, where the browser can (Chromium). */
    async guardStorage() {
      for (const area of [api.storage.local, api.storage.session]) {
        await area.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
      }
    },
  };
})();
