// Where the hint goes, so that it never lies over the box where the child writes. Pure arithmetic.
(() => {
  const EDGE = 12; // pixels between the hint and whatever is beside it
  const USEFUL = 160; // a hint lower than this cannot be read

  /**
   * @param {{width: number, height: number}} view @param {{width: number, height: number}} card
   * @param {{left: number, top: number, right: number, bottom: number} | null} composer
   * @returns {{left: number, top: number, maxHeight: number}}
   */
  function choose(view, card, composer) {
    const right = Math.max(EDGE, view.width - card.width - EDGE);
    const room = view.height - 2 * EDGE;
    const height = Math.min(card.height, room);
    const corner = { left: right, top: view.height - height - EDGE, maxHeight: room };
    const visible = composer && composer.bottom > 0 && composer.top < view.height && composer.right > composer.left;
    if (!visible) return corner;

    /** @param {number} left @param {number} top @param {number} tall */
    const covers = (left, top, tall) => left < composer.right + EDGE && left + card.width > composer.left - EDGE
      && top < composer.bottom + EDGE && top + tall > composer.top - EDGE;

    for (const left of [right, EDGE]) {
      if (!covers(left, corner.top, height)) return { ...corner, left };
    }
    // Above the composer if there is room enough to read, else below it, where it stands at the top of the page.
    const above = composer.top - 2 * EDGE;
    const below = view.height - composer.bottom - 2 * EDGE;
    if (above >= Math.min(height, USEFUL) || above >= below) {
      const tall = Math.min(height, Math.max(above, 0));
      return { left: right, top: Math.max(EDGE, composer.top - EDGE - tall), maxHeight: Math.max(above, 0) };
    }
    const tall = Math.min(height, below);
    return { left: right, top: view.height - tall - EDGE, maxHeight: below };
  }

  nightlight.place = { choose };
})();
