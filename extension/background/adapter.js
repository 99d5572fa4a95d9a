// The adapters: data about sites, loaded once. Which of them may read a page is decided in site.js.
import "../platform/browser.js";

const { api } = nightlight.browser;

/** In the order in which a page is tried; the last one fits any page. */
export const ADAPTERS = [
  "the_lounge", "element", "discord", "whatsapp", "instagram", "messenger", "telegram_a", "telegram_k", "snapchat",
  "google_chat", "teams", "tiktok", "roblox", "twitch", "generic",
];

/** @param {string} name @returns {Promise<any>} */
async function fetchAdapter(name) {
  const response = await fetch(api.runtime.getURL(`adapters/${name}.json`));
  return response.json();
}

/** @type {Promise<Adapter[]> | null} */
let loading = null;

/** What an adapter does not say itself, it takes from the one that it extends. @returns {Promise<Adapter[]>} */
export function loadAdapters() {
  loading ??= Promise.all(ADAPTERS.map(fetchAdapter)).then((adapters) => adapters.map((adapter) => ({
    ...adapters.find(({ name }) => name === adapter.extends), anywhere: false, ...adapter,
  })));
  return loading;
}
