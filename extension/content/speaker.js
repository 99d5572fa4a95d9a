// Who spoke: the child at this computer, or somebody else. Follows the adapter's rules in their order.
(() => {
  const CLEAR = 0.06; // of the list's width: less of a difference between the two sides says nothing

  /** What the page's layout says outright about an element's side. @param {Element} element */
  function declaredSide(element) {
    const style = getComputedStyle(element);
    const self = style.alignSelf;
    if (self === "flex-end" || self === "end" || self === "self-end") return "end";
    if (self === "flex-start" || self === "start" || self === "self-start") return "start";
    const row = style.display.includes("flex") && style.flexDirection.startsWith("row");
    if (row && (style.justifyContent === "flex-end" || style.justifyContent === "end")) {
      return style.flexDirection === "row-reverse" ? "start" : "end";
    }
    if (row && style.flexDirection === "row-reverse") return "end";
    if (row && (style.justifyContent === "flex-start" || style.justifyContent === "start")) return "start";
    return null;
  }

  /** @param {Element} message @param {Element} list @returns {"start" | "end" | null} */
  function sideByStyle(message, list) {
    /** @type {Element | null} */
    let element = message;
    while (element && element !== list) {
      const side = declaredSide(element);
      if (side) return side;
      element = element.parentElement;
    }
    for (const child of message.children) {
      const side = declaredSide(child);
      if (side) return side;
    }
    return null;
  }

  /** Measures on which side of the list the words stand. @param {Element} message @param {Element} list */
  function sideByPlace(message, list) {
    const range = document.createRange();
    range.selectNodeContents(message);
    const words = range.getBoundingClientRect();
    const frame = list.getBoundingClientRect();
    if (words.width === 0 || frame.width === 0) return null;
    const before = words.left - frame.left;
    const after = frame.right - words.right;
    if (Math.abs(before - after) < frame.width * CLEAR) return null;
    const right = before > after;
    const mirrored = getComputedStyle(list).direction === "rtl";
    return right !== mirrored ? "end" : "start";
  }

  /** Whether the words stand in a bubble: a box with a ground of its own, narrower than the list. */
  /** @param {Element} message @param {Element} list */
  function inBubble(message, list) {
    const wide = list.getBoundingClientRect().width;
    for (const box of [message, ...message.querySelectorAll("div, p, span")].slice(0, 8)) {
      const ground = getComputedStyle(box).backgroundColor;
      const clear = ground === "transparent" || /^rgba\(.*, 0\)$/.test(ground);
      if (!clear && box.getBoundingClientRect().width < wide * 0.85) return true;
    }
    return false;
  }

  class SpeakerSense {
    /** @param {Adapter} adapter */
    constructor(adapter) {
      this.adapter = adapter;
      /** Whether words were ever seen at the far side: without that, one side tells nothing. */
      this.bothSides = false;
    }

    /** Starts afresh: another chat may be laid out otherwise. */
    forget() {
      this.bothSides = false;
    }

    /** @param {Element} element @param {Element} list @returns {Speaker | null} */
    bySide(element, list) {
      const styled = sideByStyle(element, list);
      if (styled) {
        if (styled === "end") this.bothSides = true;
        return styled === "end" ? "child" : "contact";
      }
      const side = sideByPlace(element, list);
      if (side === "end") {
        this.bothSides = true;
        return "child";
      }
      return side === "start" && (this.bothSides || inBubble(element, list)) ? "contact" : null;
    }

    /** @param {Element} element @param {Element} list @param {Speaker | null} before @returns {Speaker} */
    of(element, list, before) {
      for (const rule of this.adapter.speaker) {
        if (rule.when === "matches") {
          if (element.matches(rule.selector)) return rule.says;
        } else if (rule.when === "contains") {
          if (element.querySelector(rule.selector)) return rule.says;
        } else if (rule.when === "inside") {
          const holder = element.parentElement?.closest(rule.selector);
          if (holder && list.contains(holder) && holder !== list) return rule.says;
        } else if (rule.when === "value") {
          if (nightlight.ladder.value(element, rule.value) !== null) return rule.says;
        } else if (rule.when === "same") {
          const mine = nightlight.ladder.value(null, rule.as);
          const theirs = nightlight.ladder.value(element, rule.value);
          if (mine !== null && theirs !== null) {
            if (mine === theirs) return rule.says;
            if (rule.otherwise) return rule.otherwise;
          }
        } else if (rule.when === "previous") {
          if (before && !element.querySelector(rule.unless)) return before;
        } else {
          const said = this.bySide(element, list);
          if (said) return said;
        }
      }
      return this.adapter.otherwise;
    }
  }

  nightlight.speaker = { SpeakerSense };
})();
