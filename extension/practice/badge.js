// The badges and what earns them. Pure. A badge is for playing and looking, never for being right all the time.

/** @typedef {{id: string, earned: (progress: PracticeProgress, stories: PracticeStory[]) => boolean}} Badge */

/** @param {PracticeProgress} progress @param {PracticeStory[]} stories */
const played = (progress, stories) => stories.filter(({ id }) => (progress.endings[id]?.length ?? 0) > 0);

/** @param {PracticeStory} story */
const endings = (story) => Object.values(story.nodes).filter((node) => "ending" in node).length;

/** @type {Badge[]} */
export const BADGES = [
  { id: "first", earned: (progress, stories) => played(progress, stories).length >= 1 },
  { id: "five", earned: (progress, stories) => played(progress, stories).length >= 5 },
  { id: "all", earned: (progress, stories) => stories.length > 0 && played(progress, stories).length === stories.length },
  {
    id: "endings",
    earned: (progress, stories) => stories.some((story) => (progress.endings[story.id]?.length ?? 0) >= endings(story)),
  },
  { id: "warm", earned: (progress, stories) => played(progress, stories).filter(({ benign }) => benign).length >= 2 },
  {
    id: "helped",
    earned: (progress, stories) => stories.some((story) => (progress.endings[story.id] ?? []).some((id) => {
      const node = story.nodes[id];
      return node !== undefined && "ending" in node && node.ending.kind === "helped";
    })),
  },
  { id: "spot", earned: (progress) => progress.spot !== null },
  { id: "reply", earned: (progress) => progress.replied },
];

/** @param {PracticeProgress} progress @param {PracticeStory[]} stories @returns {string[]} */
export const earned = (progress, stories) => BADGES.filter((badge) => badge.earned(progress, stories)).map(({ id }) => id);
