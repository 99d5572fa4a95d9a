// Which sites are read: those supported from the start, and those that the child or a carer added.
import "../platform/browser.js";
import { loadAdapters } from "./adapter.js";
import { changeSettings, readSettings } from "./settings.js";

const { api, contentFiles, originPattern } = nightlight.browser;

/**
 * The origin of an address that somebody typed, or null if it is none that can be read.
 * @param {string} text
 */
export function asOrigin(text) {
  const trimmed = text.trim();
  try {
    const url = new URL(/^[a-z][a-z+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
    const known = url.protocol === "https:" || url.protocol === "http:";
    return known && url.hostname !== "" && url.username === "" ? url.origin : null;
  } catch {
    return null;
  }
}

/** The adapters of a site that is read from the start: a site may have two faces. @param {string} origin */
async function builtinAdapters(origin) {
  const adapters = await loadAdapters();
  return adapters.filter((adapter) => adapter.match.some((pattern) => pattern === `${origin}/*`));
}

/** @param {string} origin */
export async function builtinAdapter(origin) {
  return (await builtinAdapters(origin))[0] ?? null;
}

/**
 * The adapters that may be tried on an origin, best first; none if the site is off.
 * @param {string} origin @returns {Promise<Adapter[]>}
 */
export async function adaptersFor(origin) {
  const builtin = await builtinAdapters(origin);
  if (builtin.length > 0) return builtin;
  const { sites } = await readSettings();
  const site = sites.find((candidate) => candidate.origin === origin);
  if (!site) return [];
  const adapters = await loadAdapters();
  const chosen = adapters.find((adapter) => adapter.name === site.reader);
  return chosen ? [chosen] : adapters.filter((adapter) => adapter.anywhere);
}

/** @param {string} origin */
const scriptId = (origin) => `site ${origin}`;

/** Makes the registered scripts those of the added sites, whatever was registered before. */
export async function registerSites() {
  const { sites } = await readSettings();
  const wanted = new Map(sites.map((site) => [scriptId(site.origin), site]));
  const registered = await api.scripting.getRegisteredContentScripts();
  const old = registered.map((script) => script.id).filter((id) => !wanted.has(id));
  if (old.length > 0) await api.scripting.unregisterContentScripts({ ids: old });
  const there = new Set(registered.map((script) => script.id));
  for (const [id, site] of wanted) {
    if (there.has(id)) continue;
    await api.scripting.registerContentScripts([{
      id, matches: [originPattern(site.origin)], js: contentFiles(), runAt: "document_idle", persistAcrossSessions: true,
      allFrames: true,
    }]);
  }
}

/** The open tabs of an origin, as far as the browser lets us see them. @param {string} origin */
async function tabsOf(origin) {
  const tabs = await api.tabs.query({});
  return tabs.filter((tab) => tab.id !== undefined && tab.url && asOrigin(tab.url) === origin);
}

/** Starts reading in the tabs that are open already. @param {string} origin */
async function startIn(origin) {
  for (const tab of await tabsOf(origin)) {
    const target = { tabId: /** @type {number} */ (tab.id), allFrames: true };
    // A tab that shows an error page cannot be read; the others still can.
    await api.scripting.executeScript({ target, files: contentFiles() }).catch(() => {});
  }
}

/** @param {string} origin */
async function stopIn(origin) {
  for (const tab of await tabsOf(origin)) {
    await api.tabs.sendMessage(/** @type {number} */ (tab.id), { type: "stop" }).catch(() => {});
  }
}

/**
 * Adds a site, for which the browser's permission was asked before, or changes how it is read.
 * @param {string} origin @param {string} reader an adapter's name or "auto"
 * @returns {Promise<boolean>} false when the browser has not allowed it
 */
export async function addSite(origin, reader = "auto") {
  if (!(await api.permissions.contains({ origins: [originPattern(origin)] }))) return false;
  const { sites } = await readSettings();
  const others = sites.filter((site) => site.origin !== origin);
  await changeSettings({ sites: [...others, { origin, reader }] });
  await registerSites();
  await stopIn(origin);
  await startIn(origin);
  return true;
}

/** @param {string} origin */
export async function removeSite(origin) {
  const { sites } = await readSettings();
  await changeSettings({ sites: sites.filter((site) => site.origin !== origin) });
  await registerSites();
  await stopIn(origin);
}

/** Sites whose permission the person took back in the browser are no longer read. */
export async function dropUnpermitted() {
  const { sites } = await readSettings();
  for (const site of sites) {
    if (!(await api.permissions.contains({ origins: [originPattern(site.origin)] }))) await removeSite(site.origin);
  }
}
