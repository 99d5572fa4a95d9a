// Makes a round of "spot it" out of the stories: lit messages, some with a sign and some without. Pure but for chance.

const SIGNS = 5;
const FRIENDLY = 3;
/** @type {Tactic[]} */
const ALL = [
  "age_probing", "personal_probing", "flattery", "gifts", "risk_assessment", "secrecy", "isolation", "platform_move",
  "sexual_approach", "image_request", "meeting", "running_away", "pressure", "threat",
];

/** @template T @param {T[]} list @param {() => number} random @returns {T[]} a shuffled copy */
export function shuffled(list, random) {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [/** @type {T} */ (copy[other]), /** @type {T} */ (copy[last])];
  }
  return copy;
}

/**
 * All that can be asked: the contact's messages, each in its scene. A friendly story's first scene does not tell yet that
 * all is well, so it is not asked about; in another story only the first scene's plain lines surely carry nothing.
 * @param {PracticeStory[]} stories
 */
export function askable(stories) {
  /** @type {{story: PracticeStory, messages: PracticeMessage[], lit: number, answer: Tactic | null}[]} */
  const found = [];
  for (const story of stories) {
    for (const [id, node] of Object.entries(story.nodes)) {
      if ("ending" in node) continue;
      const messages = node.messages.filter(({ from }) => from !== "lantern");
      messages.forEach(({ from, tactic }, lit) => {
        if (from !== "contact") return;
        if (tactic || story.benign === (id !== story.start)) found.push({ story, messages, lit, answer: tactic ?? null });
      });
    }
  }
  return found;
}

/** @param {PracticeStory[]} stories @param {() => number} random @returns {SpotItem[]} */
export function makeRound(stories, random = Math.random) {
  const all = shuffled(askable(stories), random);
  const signs = shuffled(ALL, random).flatMap((tactic) => all.find(({ answer }) => answer === tactic) ?? []).slice(0, SIGNS);
  const plain = all.filter(({ answer }) => answer === null);
  // At least two of the friendly ones come from friendly stories.
  const friendly = [...plain.filter(({ story }) => story.benign).slice(0, 2), ...plain.filter(({ story }) => !story.benign)];
  return shuffled([...signs, ...friendly.slice(0, FRIENDLY)], random).map((item) => {
    // A wrong answer should be clearly wrong: it names a sign that this story does not have.
    const others = shuffled(ALL.filter((tactic) => !item.story.tactics.includes(tactic)), random);
    const wrong = others.slice(0, item.answer === null ? 3 : 2);
    const named = item.answer === null ? wrong : [item.answer, ...wrong];
    return { ...item, options: [...shuffled(named, random), null] };
  });
}
