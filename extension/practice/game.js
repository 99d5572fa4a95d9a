// What all views of the game share: texts, stories, progress, news of badges, and the way between the views.
import "../platform/browser.js";
import { countryFor, helpLines, loadRoutes } from "../help/routes.js";
import { readSettings } from "../background/settings.js";
import { loadCatalogue } from "../language/catalogue.js";
import { find, make, trusted } from "../language/translate.js";
import { earned } from "./badge.js";
import { chime } from "./chime.js";
import { readProgress } from "./progress.js";
import { loadStories } from "./story.js";
import { loadWords, pageLanguage } from "./words.js";

const { api } = nightlight.browser;
const NEWS_MS = 6000;

/** Whether the person asked for little motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {string} words @param {() => void} pressed @param {string} className */
export function button(words, pressed, className = "") {
  const made = make("button", { type: "button", class: className }, words);
  made.addEventListener("click", trusted(pressed));
  return made;
}

/**
 * Makes a title that gets the focus when its view comes, so that a screen reader begins there.
 * @param {string} text
 */
export const title = (text) => make("h1", { tabindex: "-1", id: "view-title" }, text);

export class Game {
  /**
   * @param {import("./words.js").Words} words @param {import("../language/catalogue.js").Catalogue} catalogue
   * @param {PracticeStory[]} stories @param {PracticeProgress} progress
   */
  constructor(words, catalogue, stories, progress) {
    this.words = words;
    this.catalogue = catalogue;
    this.stories = stories;
    this.progress = progress;
    this.main = find("game");
    /** Ends what the view that is shown has still to do. */
    this.view = new AbortController();
    this.news = 0;
  }

  static async load() {
    const language = await pageLanguage();
    const [words, catalogue, stories, progress] = await Promise.all([
      loadWords(language), loadCatalogue(language), loadStories(language), readProgress(),
    ]);
    return new Game(words, catalogue, stories, progress);
  }

  /** @param {Tactic} tactic */
  signName(tactic) {
    return this.catalogue.text(`tactic_${tactic}_name`);
  }

  /** @param {Tactic} tactic */
  signWhy(tactic) {
    return this.catalogue.text(`tactic_${tactic}_why`);
  }

  /** A link back to the front of the game. */
  backLink() {
    return make("p", { class: "back" }, make("a", { href: "#" }, `← ${this.words.say("back")}`));
  }

  /** Draws a view in place of the last one. @param {...Node} content */
  show(...content) {
    this.main.replaceChildren(...content);
    document.title = `${document.getElementById("view-title")?.textContent ?? ""} · Nightlight`;
    document.getElementById("view-title")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** Takes over new progress, and tells of what it earned. @param {PracticeProgress} progress */
  gain(progress) {
    const before = earned(this.progress, this.stories);
    this.progress = progress;
    const fresh = earned(progress, this.stories).filter((id) => !before.includes(id));
    if (fresh.length > 0) {
      this.tell(fresh.map((id) => this.words.say("badge_new", { name: this.words.say(`badge_${id}`) })).join(" · "));
    }
    chime(progress.sound);
  }

  /** @param {string} text said at the foot of the page for a moment */
  tell(text) {
    find("news").textContent = text;
    clearTimeout(this.news);
    this.news = setTimeout(() => find("news").replaceChildren(), NEWS_MS);
  }

  /** The numbers of people who listen, for the country that is set. */
  async help() {
    const [routes, settings] = await Promise.all([loadRoutes(), readSettings()]);
    const country = countryFor(routes, settings.country, null, api.i18n.getUILanguage());
    return make("details", { class: "help" }, make("summary", {}, this.words.say("help")),
      make("p", { class: "note" }, this.catalogue.text("help_lead")),
      make("ul", {}, ...helpLines(routes, country, this.catalogue).map(({ number, about }) => (
        make("li", {}, make("b", {}, number), make("span", {}, about))
      ))));
  }
}
