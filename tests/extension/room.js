// Gives the tests the extension's modules outside a browser: the least of a browser that they ask for at load time.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export const EXTENSION = new URL("../../extension/", import.meta.url);

globalThis.chrome = {
  runtime: { id: "test", getURL: (path) => new URL(path, EXTENSION).href },
  i18n: { getUILanguage: () => "en" },
};
// The extension fetches its own data; in Node the same data comes from the disk.
globalThis.fetch = async (url) => {
  const text = await readFile(fileURLToPath(url), "utf8");
  return { json: async () => JSON.parse(text) };
};
await import(new URL("platform/browser.js", EXTENSION));

/** Loads content scripts in order into the shared object and returns it. */
export async function room(...files) {
  for (const file of files) await import(new URL(`content/${file}.js`, EXTENSION));
  return globalThis.nightlight;
}

/** @param {string} path @returns {Promise<any>} */
export async function json(path) {
  return JSON.parse(await readFile(new URL(path, EXTENSION), "utf8"));
}

/** @param {string} path */
export const load = (path) => import(new URL(path, EXTENSION));
