// How well a page can be read, told from a few counts. Decides nothing else.
(() => {
  /**
   * @param {{composer: boolean, list: boolean, listHasText: boolean, messages: number, withText: number,
   *          unknown: number, fallbacks: number, generic: boolean}} facts
   *   `unknown`: messages without a known speaker; `fallbacks`: how many ladders had to use a last resort
   * @returns {AdapterState}
   */
  function judge(facts) {
    if (!facts.list) {
      // A known chat site with a box to write in and no list that we find has changed under us. Any other page with a
      // box to write in may be a search.
      return facts.composer && !facts.generic ? "broken" : "no_chat";
    }
    if (facts.messages === 0) return facts.listHasText ? "broken" : "ok";
    if (facts.withText === 0) return "broken";
    if (facts.fallbacks > 0 || facts.unknown * 2 > facts.messages) return "degraded";
    return "ok";
  }

  nightlight.pageState = { judge };
})();
