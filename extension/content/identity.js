// Which message is which: the page's own id, or where it has none a name made of its words and of those before it.
(() => {
  /** A short name for a text (FNV-1a over two lanes). Not for secrets: it only tells messages of one page apart. */
  /** @param {string} text */
  function hash(text) {
    let low = 0x811c9dc5;
    let high = 0x01000193;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      low = Math.imul(low ^ unit, 0x01000193) >>> 0;
      high = Math.imul(high ^ (unit + index), 0x85ebca6b) >>> 0;
    }
    return low.toString(36) + high.toString(36);
  }

  /**
   * @param {Element} element @param {ValueRule[]} rules
   * @param {string} text @param {string} before the words of the message before this one: its position, in a list that
   *   drops its top rows
   * @returns {{id: string, weak: boolean}} `weak`: the page gave no id, so the window must also look at the order
   */
  function of(element, rules, text, before) {
    const own = nightlight.ladder.values(element, rules);
    if (own) return { id: own.value.slice(0, 120), weak: false };
    return { id: `~${hash(`${before}\u0000${text}`)}`, weak: true };
  }

  nightlight.identity = { hash, of };
})();
