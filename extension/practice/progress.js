// What is kept of playing, in storage.local: endings found, rounds done, sound. No word that a child typed.
import "../platform/browser.js";

const { api } = nightlight.browser;
const KEY = "practice";

/** @returns {PracticeProgress} */
const nothing = () => ({ endings: {}, spot: null, replied: false, sound: false });

/** @returns {Promise<PracticeProgress>} */
export async function readProgress() {
  return { ...nothing(), ...(/** @type {any} */ (await api.storage.local.get(KEY))[KEY]) };
}

/** @param {(progress: PracticeProgress) => void} change @returns {Promise<PracticeProgress>} */
async function keep(change) {
  const progress = await readProgress();
  change(progress);
  await api.storage.local.set({ [KEY]: progress });
  return progress;
}

/** @param {string} story @param {string} ending */
export const foundEnding = (story, ending) => keep(({ endings }) => {
  endings[story] = [...new Set([...(endings[story] ?? []), ending])];
});

/** @param {number} right how many of the round */
export const didSpot = (right) => keep((progress) => {
  progress.spot = Math.max(progress.spot ?? 0, right);
});

export const didReply = () => keep((progress) => {
  progress.replied = true;
});

/** @param {boolean} sound */
export const setSound = (sound) => keep((progress) => {
  progress.sound = sound;
});

export const erase = () => api.storage.local.remove(KEY);
