// Which message is which: the page's own id, or where it has none a name made of words and neighbours.
(() => {
  /** A short name for a text (FNV-1a over two lanes). Not for secrets: it only tells messages apart in this page. */
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

  class Identity {
    /** @param {ValueRule[]} rules */
    constructor(rules) {
      this.rules = rules;
      /** Names given to elements that have no id of their own. @type {WeakMap<Element, {content: string, id: string}>} */
      this.given = new WeakMap();
    }

    /**
     * @param {Element} element @param {string} content who spoke and what
     * @param {string} before the content of the message before this one: the position, in a list that drops its top
     */
    of(element, content, before) {
      const own = nightlight.ladder.values(element, this.rules);
      if (own) return { id: own.value.slice(0, 120), weak: false, rung: own.rung };
      const earlier = this.given.get(element);
      // A list that recycles its rows puts new words into an old element: then it is another message.
      if (earlier && earlier.content === content) return { id: earlier.id, weak: true, rung: this.rules.length };
      const id = `~${hash(`${before}\u0000${content}`)}`;
      this.given.set(element, { content, id });
      return { id, weak: true, rung: this.rules.length };
    }
  }

  nightlight.identity = { hash, Identity };
})();
