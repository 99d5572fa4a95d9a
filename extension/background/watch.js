// Keeps an eye on whether the helper is there, and wakes the pages when it comes back.
import "../platform/browser.js";
import { askHelper, Refused, Resting, Unpaired } from "./helper.js";
import { setHelperFacts, setHelperState, setReported, tabReadings } from "./memory.js";
import { showSign } from "./sign.js";

const { api } = nightlight.browser;

/** Tells every page that reads: send again what waits. */
async function wakePages() {
  for (const tab of await api.tabs.query({})) {
    // Most tabs have none of our scripts; that is no error.
    if (tab.id !== undefined) await api.tabs.sendMessage(tab.id, { type: "again" }).catch(() => {});
  }
}

/** @param {HelperState} state */
export async function noteState(state) {
  if (!(await setHelperState(state))) return;
  await showSign(state);
  if (state === "on") {
    await wakePages();
    await reportReadings();
  }
}

/**
 * Asks the helper something and notes from the outcome how it is.
 * @param {string} path @param {object} body @param {boolean} atOnce
 * @returns {Promise<{state: HelperState, answer: any, refused?: string}>} `answer` is null when it was refused (then
 *   `refused` is the problem's type) or nobody answered
 */
export async function ask(path, body, atOnce = false) {
  try {
    const answer = await askHelper(path, body, atOnce);
    await noteState("on");
    return { state: "on", answer };
  } catch (error) {
    if (error instanceof Refused) return { state: "on", answer: null, refused: error.type };
    /** @type {HelperState} */
    const state = error instanceof Unpaired ? "unpaired" : "resting";
    if (!(error instanceof Unpaired) && !(error instanceof Resting)) throw error;
    await noteState(state);
    return { state, answer: null };
  }
}

/** @param {boolean} atOnce @returns {Promise<HelperState>} */
export async function checkHelper(atOnce = false) {
  const { state, answer } = await ask("/v1/status", {}, atOnce);
  if (answer) await setHelperFacts(answer);
  return state;
}

/** Tells the helper how pages can be read, where it has not been told yet and there is something to tell. */
export async function reportReadings() {
  for (const [tab, frames] of Object.entries(await tabReadings())) {
    for (const [frame, { site, state, reported }] of Object.entries(frames)) {
      // Most frames inside a page have no chat, and what loads is nothing yet.
      if (reported || state === "loading" || (frame !== "0" && state === "no_chat")) continue;
      const { answer } = await ask("/v1/adapter", { site, state });
      if (answer) await setReported(Number(tab), Number(frame), state);
    }
  }
}
