// The adapters: data about sites, loaded once. Which of them may read a page is decided in site.js.
import "../platform/browser.js";

const { api } = nightlight.browser;

/** In the order in which a page is tried; the last one fits any page. */
export const ADAPTERS = ["the_lounge", "discord", "whatsapp", "generic"];

/** @type {Promise<Adapter[]> | null} */
let loading = null;

/** @returns {Promise<Adapter[]>} */
export function loadAdapters() {
  loading ??= Promise.all(ADAPTERS.map(async (name) => {
    const response = await fetch(api.runtime.getURL(`adapters/${name}.json`));
    return response.json();
  }));
  return loading;
}
