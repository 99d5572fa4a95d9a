// The front of the game: the stories, the two rounds, the badges, and the few settings.
import { find, make } from "../language/translate.js";
import { BADGES } from "./badge.js";
import { button, title } from "./game.js";
import { badgePicture, creature, lumi, sky } from "./picture.js";
import { erase, readProgress, setSound } from "./progress.js";
import { endingsOf } from "./story.js";
import { choices } from "./words.js";

/** @typedef {import("./game.js").Game} Game */

/** @param {Game} game @param {PracticeStory} story */
function storyCard({ words, progress }, story) {
  const found = progress.endings[story.id]?.length ?? 0;
  const state = found === 0 ? words.say("new") : words.say("found", { found, all: endingsOf(story).length });
  return make("li", {}, make("a", { class: "card", href: `#story/${story.id}` }, creature(story.contact.creature),
    make("span", { class: "card-words" }, make("b", {}, story.title), make("span", {}, story.blurb),
      make("span", { class: "note" }, state))));
}

/** @param {Game} game @param {"spot" | "reply"} name */
function roundCard({ words }, name) {
  return make("li", {}, make("a", { class: "card", href: `#${name}` }, name === "spot" ? creature("owl") : lumi(),
    make("span", { class: "card-words" }, make("b", {}, words.say(name)), make("span", {}, words.say(`${name}_lead`)))));
}

/** @param {Game} game */
function badges({ words, progress, stories }) {
  return make("ul", { class: "badges" }, ...BADGES.map((badge) => {
    const has = badge.earned(progress, stories);
    const about = words.say(`badge_${badge.id}_about`) + (has ? "" : ` (${words.say("badge_missing")})`);
    return make("li", {}, badgePicture(has), make("b", {}, words.say(`badge_${badge.id}`)),
      make("span", { class: "note" }, about));
  }));
}

/** @param {Game} game */
function settings(game) {
  const { words } = game;
  const language = make("select", { id: "language" }, ...choices().map(([code, name]) => {
    const option = new Option(name, code);
    option.lang = code;
    return option;
  }));
  language.value = words.language;
  language.addEventListener("change", () => {
    location.search = `?language=${language.value}`;
  });
  const sound = button("", async () => {
    game.progress = await setSound(!game.progress.sound);
    drawSound();
  });
  const drawSound = () => {
    sound.textContent = words.say(game.progress.sound ? "sound_on" : "sound_off");
  };
  drawSound();
  const forget = button(words.say("erase"), async () => {
    await erase();
    game.progress = await readProgress();
    await showHome(game);
    game.tell(words.say("erased"));
  });
  forget.id = "erase";
  const sheet = make("a", { class: "button", href: `sheet.html?language=${words.language}` }, words.say("sheet"));
  const field = make("div", { class: "field" }, make("label", { for: "language" }, words.say("language")), language);
  return make("section", {}, field, make("p", { class: "row" }, sound, sheet, forget));
}

/** @param {Game} game */
export async function showHome(game) {
  const { words } = game;
  const { signal } = game.view;
  const help = await game.help();
  if (signal.aborted) return;
  game.show(sky(), title(words.say("title")), make("p", {}, words.say("lead")),
    make("h2", {}, words.say("rounds")), make("ul", { class: "cards" }, roundCard(game, "spot"), roundCard(game, "reply")),
    make("h2", {}, words.say("stories")), make("p", { class: "note" }, words.say("stories_lead")),
    make("ul", { class: "cards", id: "stories" }, ...game.stories.map((story) => storyCard(game, story))),
    make("h2", {}, words.say("badges")), make("p", { class: "note" }, words.say("badges_lead")), badges(game),
    settings(game), help);
  find("game").dataset["view"] = "home";
}
