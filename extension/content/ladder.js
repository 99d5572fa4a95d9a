// Selector ladders: the ordered ways of an adapter to find something, best first. Finds and reads; decides nothing.
(() => {
  /** @param {ParentNode} root @param {string[]} rungs */
  function one(root, rungs) {
    for (const [rung, selector] of rungs.entries()) {
      const element = root.querySelector(selector);
      if (element) return { element, rung };
    }
    return null;
  }

  /** @param {ParentNode} root @param {string[]} rungs */
  function all(root, rungs) {
    for (const [rung, selector] of rungs.entries()) {
      const elements = [...root.querySelectorAll(selector)];
      if (elements.length > 0) return { elements, rung };
    }
    return { elements: [], rung: rungs.length };
  }

  /**
   * The elements that an IDREF list (as in aria-labelledby) points to.
   * @param {Element} element @param {string} attribute @param {string} selector
   */
  function referred(element, attribute, selector) {
    for (const id of (element.getAttribute(attribute) ?? "").split(/\s+/)) {
      const target = id ? element.ownerDocument.getElementById(id) : null;
      if (target?.matches(selector)) return target;
    }
    return null;
  }

  /** @param {Element | null} element @param {ValueRule} rule @returns {string | null} */
  function value(element, rule) {
    let found = element;
    if (rule.read === "url") {
      found = null;
    } else {
      const root = element ?? document.documentElement;
      found = root;
      if (rule.closest) found = found.closest(rule.closest);
      if (rule.refer) {
        const holder = found?.matches(`[${rule.refer}]`) ? found : found?.querySelector(`[${rule.refer}]`);
        found = holder ? referred(holder, rule.refer, rule.selector ?? "*") : null;
      } else if (rule.selector) {
        found = found?.querySelector(rule.selector) ?? null;
      }
      if (!found) return null;
    }
    let text = null;
    if (rule.read === "url") text = location.pathname + location.search + location.hash;
    else if (rule.read === "text") text = found?.textContent ?? null;
    else if (rule.read === "id") text = found?.id || null;
    else text = found?.getAttribute(rule.attribute ?? "") ?? null;
    if (text === null) return null;
    text = text.trim();
    if (rule.pattern) {
      const match = new RegExp(rule.pattern, "u").exec(text);
      text = match ? (match[1] ?? match[0]) : "";
    }
    return text === "" ? null : text;
  }

  /** @param {Element | null} element @param {ValueRule[]} rules */
  function values(element, rules) {
    for (const [rung, rule] of rules.entries()) {
      const found = value(element, rule);
      if (found !== null) return { value: found, rung };
    }
    return null;
  }

  nightlight.ladder = { one, all, value, values };
})();
