// The sheet for class, made to be printed: a chat to mark, the signs, three steps, and the numbers of people who listen.
import "../platform/browser.js";
import { readSettings } from "../background/settings.js";
import { countryFor, helpLines, loadRoutes } from "../help/routes.js";
import { loadCatalogue } from "../language/catalogue.js";
import { find, make, trusted } from "../language/translate.js";
import { loadStories, STORY_FOR } from "./story.js";
import { loadWords, pageLanguage } from "./words.js";

const { api } = nightlight.browser;
const words = await loadWords(await pageLanguage());
const catalogue = await loadCatalogue(words.language);
const stories = await loadStories(words.language);
const routes = await loadRoutes();
const country = countryFor(routes, (await readSettings()).country, null, api.i18n.getUILanguage());

/** The first two scenes of a story that has signs, along its first choice: enough to mark, short enough for one page. */
const SHOWN = "small_questions";

/** @param {PracticeStory} story @returns {PracticeMessage[]} */
function beginning(story) {
  const first = story.nodes[story.start];
  if (!first || "ending" in first) return [];
  const choice = first.choices[0];
  const second = choice ? story.nodes[choice.to] : undefined;
  const said = choice ? [/** @type {PracticeMessage} */ ({ from: "child", text: choice.text })] : [];
  const after = second && "messages" in second ? second.messages : [];
  return [...first.messages, ...said, ...after].filter(({ from }) => from !== "lantern");
}

const story = /** @type {PracticeStory} */ (stories.find(({ id }) => id === SHOWN));
const rows = beginning(story).map(({ from, text }) => make("tr", {},
  make("td", {}, make("b", {}, `${from === "child" ? words.say("you") : story.contact.name}: `), text),
  make("td", { class: "box" }, "☐"), make("td", { class: "blank" })));
const print = make("button", { type: "button", class: "main" }, words.say("print"));
print.addEventListener("click", trusted(() => window.print()));
const tactics = /** @type {Tactic[]} */ (Object.keys(STORY_FOR));

document.documentElement.lang = words.language;
document.title = words.say("sheet");
find("paper").append(
  make("p", { class: "row screen" },
    make("a", { class: "button", href: `practice.html?language=${words.language}` }, words.say("back")),
    make("a", { class: "button", href: `guide.html?story=${story.id}&language=${words.language}` }, words.say("guide")), print),
  make("h1", {}, words.say("sheet")), make("p", {}, words.say("sheet_lead")), make("p", {}, words.say("sheet_task")),
  make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, words.say("sheet_line")),
    make("th", { scope: "col", class: "box" }, "✓"), make("th", { scope: "col" }, words.say("sheet_sign")))),
  make("tbody", {}, ...rows)),
  make("p", {}, words.say("sheet_own")), make("div", { class: "write" }), make("div", { class: "write" }),
  make("h2", {}, words.say("sheet_signs")),
  make("ul", { class: "columns" }, ...tactics.map((tactic) => make("li", {}, catalogue.text(`tactic_${tactic}_name`)))),
  make("h2", {}, words.say("steps")),
  make("ol", {}, ...["pause", "keep", "talk"].map((step) => make("li", {}, words.say(`step_${step}`)))),
  make("h2", {}, words.say("help")),
  make("ul", {}, ...helpLines(routes, country, catalogue).map(({ number, about }) => (
    make("li", {}, make("b", {}, number), ` – ${about}`)
  ))),
);
document.documentElement.dataset["ready"] = "true";
