// The words of one message, however many nodes of the page they are spread over. Knows nothing of who spoke.
(() => {
  const LONGEST = 2000; // characters; a longer message says early what it wants
  const BLOCKS = new Set(["P", "DIV", "LI", "BLOCKQUOTE", "PRE", "UL", "OL", "BR", "TR"]);

  /** @param {Node} node @param {string} skip @param {string[]} parts */
  function gather(node, skip, parts) {
    if (node.nodeType === Node.TEXT_NODE) {
      parts.push(node.nodeValue ?? "");
      return;
    }
    if (!(node instanceof Element)) return;
    if (skip && node.matches(skip)) return;
    if (node instanceof HTMLImageElement) {
      // An emoji is often a picture with the emoji itself as its alternative text; a photo's long description is not.
      if (node.alt.length <= 16) parts.push(node.alt);
      return;
    }
    const block = BLOCKS.has(node.tagName);
    if (block) parts.push("\n");
    for (const child of node.childNodes) gather(child, skip, parts);
    if (block) parts.push("\n");
  }

  /** @param {Element} message @param {string[]} rungs @param {string[]} skip */
  function of(message, rungs, skip) {
    const unwanted = skip.join(",");
    const found = nightlight.ladder.all(message, rungs).elements;
    // Of elements inside each other only the outer one counts, or its words would be read twice.
    const roots = found.filter((element) => !found.some((other) => other !== element && other.contains(element)));
    /** @type {string[]} */
    const parts = [];
    for (const root of roots.length > 0 ? roots : [message]) {
      if (root !== message && unwanted && root.closest(unwanted) && message.contains(root.closest(unwanted))) continue;
      for (const child of root.childNodes) gather(child, unwanted, parts);
      parts.push("\n");
    }
    return parts.join("").replace(/[^\S\n]+/gu, " ").replace(/ ?\n[\s]*/gu, "\n").trim().slice(0, LONGEST);
  }

  nightlight.text = { of };
})();
