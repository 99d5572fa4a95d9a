// What is remembered while the browser is open, in storage.session: the helper's state, how tabs can be read, and the
// hints that were given. No message text. Changes go one after another, so that none is lost.
import "../platform/browser.js";

const { api } = nightlight.browser;
const HINTS = 50;

/** @typedef {{adapter: string, state: AdapterState, site: string, reported: boolean}} TabReading */

/** @type {Promise<unknown>} */
let line = Promise.resolve();

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
function inTurn(work) {
  const done = line.then(work, work);
  line = done.catch(() => {});
  return done;
}

/** @returns {Promise<HelperState | null>} */
export async function helperState() {
  return /** @type {any} */ ((await api.storage.session.get("helper"))["helper"] ?? null);
}

/** @param {HelperState} state @returns {Promise<boolean>} whether it changed */
export function setHelperState(state) {
  return inTurn(async () => {
    if ((await helperState()) === state) return false;
    await api.storage.session.set({ helper: state });
    return true;
  });
}

/** @returns {Promise<HelperStatus | null>} */
export async function helperFacts() {
  return /** @type {any} */ ((await api.storage.session.get("facts"))["facts"] ?? null);
}

/** @param {HelperStatus} facts */
export async function setHelperFacts(facts) {
  await api.storage.session.set({ facts });
}

/** By tab, and in it by frame. @returns {Promise<Record<string, Record<string, TabReading>>>} */
export async function tabReadings() {
  return /** @type {any} */ ((await api.storage.session.get("tabs"))["tabs"] ?? {});
}

/** @param {number} tab @param {number} frame @param {TabReading | null} reading */
export function setTabReading(tab, frame, reading) {
  return inTurn(async () => {
    const tabs = await tabReadings();
    const frames = tabs[tab] ??= {};
    if (reading) frames[frame] = reading;
    else delete frames[frame];
    await api.storage.session.set({ tabs });
  });
}

/** The helper was told; if the page has changed since, it has to be told again. */
/** @param {number} tab @param {number} frame @param {AdapterState} state */
export function setReported(tab, frame, state) {
  return inTurn(async () => {
    const tabs = await tabReadings();
    const reading = tabs[tab]?.[frame];
    if (reading?.state !== state) return;
    reading.reported = true;
    await api.storage.session.set({ tabs });
  });
}

/** Another page has come into a tab, or none: what was known about the old one is over. @param {number} tab */
export function forgetTab(tab) {
  return inTurn(async () => {
    const tabs = await tabReadings();
    delete tabs[tab];
    await api.storage.session.set({ tabs });
  });
}

/** @returns {Promise<HintRecord[]>} newest last */
export async function hints() {
  return /** @type {any} */ ((await api.storage.session.get("hints"))["hints"] ?? []);
}

/** @param {HintRecord} hint */
export function addHint(hint) {
  return inTurn(async () => {
    await api.storage.session.set({ hints: [...(await hints()), hint].slice(-HINTS) });
  });
}

/** @param {string} id @param {Partial<HintRecord>} change @returns {Promise<HintRecord | null>} the hint as it is now */
export function changeHint(id, change) {
  return inTurn(async () => {
    const all = await hints();
    const hint = all.find((candidate) => candidate.id === id);
    if (!hint) return null;
    Object.assign(hint, change);
    await api.storage.session.set({ hints: all });
    return hint;
  });
}
