// What is remembered between sessions, in storage.local: settings and the pairing. Never any message text.
import "../platform/browser.js";

const { api } = nightlight.browser;

export const DEFAULT_PORT = 47470;

/** @type {Settings} */
const DEFAULTS = { port: DEFAULT_PORT, pairing: null, salt: "", language: "auto", country: "auto", sites: [] };

/** @returns {Promise<Settings>} */
export async function readSettings() {
  const stored = await api.storage.local.get(/** @type {any} */ (DEFAULTS));
  return /** @type {any} */ (stored);
}

/** @param {Partial<Settings>} change */
export async function changeSettings(change) {
  await api.storage.local.set(change);
}

/** Whether a value can be the helper's port. @param {unknown} port */
export function isPort(port) {
  return Number.isInteger(port) && Number(port) >= 1024 && Number(port) <= 65535;
}
