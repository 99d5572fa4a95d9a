// How well a page can be read, told from a few counts. Decides nothing else.
(() => {
  const BROKEN_MS = 12_000; // so long a chat may be open before it is said that it cannot be read

  /**
   * Whether a chat is open of which nothing can be read: no list where there is a chat, words without messages, or
   * messages without words that are no pictures either.
   * @param {import("../types/room").PageFacts} facts
   */
  function unreadable(facts) {
    if (!facts.list) return facts.opened;
    if (facts.messages === 0) return facts.listHasText;
    return facts.withText === 0 && facts.wordless === 0;
  }

  /**
   * @param {import("../types/room").PageFacts} facts
   * @param {number} waited milliseconds since the chat could last be read, or since it was opened
   * @returns {AdapterState}
   */
  function judge(facts, waited) {
    if (facts.signedOut && !facts.list) return "signed_out";
    if (unreadable(facts)) return waited >= BROKEN_MS ? "broken" : "loading";
    if (!facts.list) return facts.ready ? "no_chat" : "loading";
    const half = facts.messages / 2;
    return facts.fallbacks > 0 || facts.unknown > half || facts.unread > half ? "degraded" : "ok";
  }

  /**
   * The state of a page with several chats: what is broken is never hidden behind what works.
   * @param {AdapterState[]} states at least one
   * @returns {AdapterState}
   */
  function together(states) {
    const has = (/** @type {AdapterState} */ state) => states.includes(state);
    if (has("broken") || has("degraded")) return has("ok") || has("degraded") ? "degraded" : "broken";
    if (has("ok")) return "ok";
    return /** @type {const} */ (["loading", "signed_out", "no_chat"]).find(has) ?? "no_chat";
  }

  nightlight.pageState = { BROKEN_MS, unreadable, judge, together };
})();
