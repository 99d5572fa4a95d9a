// How a tab can be read, told from how its frames can be read. Pure.

const STATES = new Set(["loading", "signed_out", "no_chat", "ok", "degraded", "broken"]);

/** @param {unknown} state @returns {state is AdapterState} */
export function isState(state) {
  return typeof state === "string" && STATES.has(state);
}

/**
 * The state of a whole tab, or null when nothing is known: a frame with a chat counts before one without, and what is
 * broken is never hidden behind what works.
 * @param {AdapterState[]} states of its frames
 * @returns {AdapterState | null}
 */
export function overall(states) {
  const works = states.includes("ok") || states.includes("degraded");
  if (states.includes("broken")) return works ? "degraded" : "broken";
  if (states.includes("degraded")) return "degraded";
  return /** @type {const} */ (["ok", "loading", "signed_out", "no_chat"]).find((state) => states.includes(state)) ?? null;
}
