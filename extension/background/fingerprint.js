// The name under which a conversation leaves the browser: a salted hash, so that nobody's name goes anywhere.
import { randomBytes, toBase64Url, toHex } from "./bytes.js";
import { changeSettings, readSettings } from "./settings.js";

/** @type {Promise<string> | null} */
let reading = null;

/** One salt an install, made when it is first needed. */
async function salt() {
  const { salt: stored } = await readSettings();
  if (stored) return stored;
  const fresh = toBase64Url(randomBytes(32));
  await changeSettings({ salt: fresh });
  return fresh;
}

/**
 * SHA-256 of the install's salt, the site, the adapter's name and the conversation's key (which holds the chat's title),
 * in hexadecimal.
 * @param {string} site @param {string} adapter @param {string} key
 */
export async function fingerprint(site, adapter, key) {
  reading ??= salt();
  const parts = JSON.stringify([await reading, site, adapter, key]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  return toHex(new Uint8Array(digest));
}
