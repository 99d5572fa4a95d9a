// The popup: how Nightlight is on this tab, its latest hints, and where to find help. `?tab=` names the tab when the
// popup is opened as a page.
import "../platform/browser.js";
import { countryFor, helpLines, loadRoutes } from "../help/routes.js";
import { loadCatalogue } from "../language/catalogue.js";
import { find, make, translate, trusted } from "../language/translate.js";
import { STORY_FOR } from "../practice/story.js";

const { api, originPattern } = nightlight.browser;

async function currentTab() {
  const asked = new URLSearchParams(location.search).get("tab");
  if (asked !== null) return Number(asked);
  const [tab] = await api.tabs.query({ active: true, currentWindow: true });
  return tab?.id;
}

const tab = await currentTab();
/** @type {Overview} */
let overview = await api.runtime.sendMessage({ type: "overview", tab });
const catalogue = await loadCatalogue(overview.language);
translate(catalogue);

/** @param {HintRecord} record */
async function drawHint(record) {
  /** @type {HintView | null} */
  const view = await api.runtime.sendMessage({ type: "words", id: record.id });
  const item = make("li");
  if (!view) return item;
  const time = new Date(record.at).toLocaleTimeString(catalogue.language, { hour: "2-digit", minute: "2-digit" });
  item.append(make("p", { class: "note" }, catalogue.text("popup_hint_at", { site: record.site, time })));
  item.append(make("p", {}, make("b", {}, view.first)));
  item.append(make("ul", {}, ...view.said.map((line) => make("li", {}, line))));
  if (view.sent) item.append(make("p", {}, view.sent));
  const why = make("details", {}, make("summary", {}, view.why), make("p", {}, view.whyLead));
  view.whys.forEach(({ name, text }, sign) => {
    why.append(make("p", {}, make("b", {}, name)), make("p", {}, text));
    const tactic = record.tactics[sign];
    if (!tactic) return;
    const story = `../practice/practice.html#story/${STORY_FOR[tactic]}`;
    why.append(make("p", {}, make("a", { href: story, target: "_blank", "aria-label": `${view.practise}: ${name}` }, view.practise)));
  });
  why.append(make("p", { class: "note" }, view.whyClose));
  const act = make("details", {}, make("summary", {}, view.act));
  act.append(make("ul", {}, ...view.actions.map((line) => make("li", {}, line))));
  item.append(why, act);
  if (view.known !== null) item.append(knownButton(record, view));
  return item;
}

/** @param {HintRecord} record @param {HintView} view */
function knownButton(record, view) {
  const note = make("p", { class: "note", role: "status" }, record.known ? view.knownDone : "");
  const button = make("button", { type: "button" }, record.known ? view.knownUndo : view.known ?? "");
  button.addEventListener("click", trusted(async () => {
    const answer = await api.runtime.sendMessage({ type: "known", id: record.id, known: !record.known });
    if (!answer) {
      note.textContent = view.knownFailed;
      return;
    }
    record.known = answer.known;
    note.textContent = record.known ? view.knownDone : "";
    button.textContent = record.known ? view.knownUndo : view.known;
  }));
  return make("div", {}, note, button);
}

async function drawHelp() {
  const routes = await loadRoutes();
  const chosen = overview.country;
  const country = countryFor(routes, chosen, null, api.i18n.getUILanguage());
  find("help").replaceChildren(...helpLines(routes, country, catalogue).map((line) => (
    make("li", {}, make("b", {}, line.number), make("span", {}, line.about))
  )));
}

/** How the chat can be read, in words; nothing where the state says it all. @param {AdapterState | null} reading */
function readingWords(reading) {
  if (reading === "ok") return catalogue.text("reading_ok");
  if (reading === "degraded") return catalogue.text("reading_degraded");
  return reading === "broken" ? catalogue.text("reading_broken") : "";
}

async function draw() {
  const { state, host } = overview;
  const sign = find("state");
  sign.textContent = catalogue.text(`state_${state}_title`);
  sign.dataset["state"] = state;
  find("state-text").textContent = catalogue.text(`state_${state}_text`);
  const reading = find("reading");
  reading.dataset["reading"] = overview.reading ?? "";
  reading.textContent = state === "on" || state === "unreadable" ? readingWords(overview.reading) : "";
  reading.hidden = reading.textContent === "";
  find("connect").hidden = overview.helper !== "unpaired";
  const canAdd = host !== null && !overview.builtin;
  const enable = find("enable-site");
  const disable = find("disable-site");
  find("site").hidden = !canAdd;
  enable.hidden = !canAdd || overview.added;
  disable.hidden = !canAdd || !overview.added;
  if (host !== null) {
    enable.textContent = catalogue.text("popup_enable", { site: host });
    disable.textContent = catalogue.text("popup_disable", { site: host });
  }
  find("no-hints").hidden = overview.hints.length > 0;
  find("hints").replaceChildren(...await Promise.all(overview.hints.map(drawHint)));
}

async function refresh() {
  overview = await api.runtime.sendMessage({ type: "overview", tab });
  await draw();
}

find("enable-site").addEventListener("click", trusted(async () => {
  const { origin } = overview;
  if (origin === null) return;
  const origins = [originPattern(origin)];
  // The browser asks the person only about what it has not allowed yet, and only right after a click.
  const allowed = await api.permissions.request({ origins });
  const answer = allowed ? await api.runtime.sendMessage({ type: "add_site", origin }) : null;
  find("site-note").textContent = answer?.added ? "" : catalogue.text("popup_enable_refused");
  await refresh();
}));
find("disable-site").addEventListener("click", trusted(async () => {
  await api.runtime.sendMessage({ type: "remove_site", origin: overview.origin });
  await refresh();
}));

await draw();
await drawHelp();
if (!find("enable-site").hidden && overview.origin !== null) {
  const already = await api.permissions.contains({ origins: [originPattern(overview.origin)] });
  if (!already) find("site-note").textContent = catalogue.text("popup_enable_note");
}
// A page that was just opened is read a moment later; the helper may come and go.
setInterval(() => void api.runtime.sendMessage({ type: "overview", tab }).then((/** @type {Overview} */ now) => {
  const changed = JSON.stringify(now) !== JSON.stringify(overview);
  overview = now ?? overview;
  return changed ? draw() : undefined;
}), 1000);
document.documentElement.dataset["ready"] = "true";
