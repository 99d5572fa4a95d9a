// The stories: which there are, how one is fetched, and how to walk its scenes. Draws nothing.
import "../platform/browser.js";

const { api } = nightlight.browser;

/** In the order in which they are offered; the everyday ones are strewn between the others. */
export const STORIES = /** @type {const} */ ([
  "free_gems", "so_special", "surprise_party", "small_questions", "other_app", "camera_on", "cousin_calls", "the_scout",
  "be_mine", "meet_me", "new_team", "night_bus", "the_screenshot",
]);

/** The story that practises a sign best. @type {Record<Tactic, typeof STORIES[number]>} */
export const STORY_FOR = {
  age_probing: "free_gems", personal_probing: "small_questions", flattery: "so_special", gifts: "free_gems",
  risk_assessment: "small_questions", secrecy: "other_app", isolation: "so_special", platform_move: "other_app",
  sexual_approach: "be_mine", image_request: "camera_on", meeting: "meet_me", running_away: "night_bus",
  pressure: "camera_on", threat: "the_screenshot",
};

/** @param {string} language @param {string} id @returns {Promise<PracticeStory>} */
export async function loadStory(language, id) {
  const response = await fetch(api.runtime.getURL(`practice/stories/${language}/${id}.json`));
  return response.json();
}

/** @param {string} language */
export const loadStories = (language) => Promise.all(STORIES.map((id) => loadStory(language, id)));

/** @param {PracticeStory} story @param {string} id @returns {PracticeScene | PracticeEnd} @throws when there is no such node */
export function nodeOf(story, id) {
  const node = story.nodes[id];
  if (!node) throw new Error(`${story.id} has no node ${id}`);
  return node;
}

/** @param {PracticeStory} story the ids of its endings, in their order */
export function endingsOf(story) {
  return Object.keys(story.nodes).filter((id) => "ending" in nodeOf(story, id));
}

/** @param {PracticeStory} story @param {string} from @returns {Set<string>} the nodes that can be reached, `from` too */
export function reachable(story, from = story.start) {
  const seen = new Set([from]);
  for (const id of seen) {
    const node = nodeOf(story, id);
    if ("choices" in node) for (const { to } of node.choices) seen.add(to);
  }
  return seen;
}
