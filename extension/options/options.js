// The settings: language, country, the sites that are read and how, and the helper's port.
import "../platform/browser.js";
import { loadAdapters } from "../background/adapter.js";
import { DEFAULT_PORT, isPort, readSettings } from "../background/settings.js";
import { asOrigin, builtinAdapter } from "../background/site.js";
import { loadRoutes } from "../help/routes.js";
import { loadCatalogue } from "../language/catalogue.js";
import { chosenLanguage, LANGUAGES } from "../language/language.js";
import { find, make, translate, trusted } from "../language/translate.js";

const { api, originPattern } = nightlight.browser;

let settings = await readSettings();
let catalogue = await loadCatalogue(chosenLanguage(settings));
const adapters = await loadAdapters();
const routes = await loadRoutes();

const language = /** @type {HTMLSelectElement} */ (find("language"));
const country = /** @type {HTMLSelectElement} */ (find("country"));
const originField = /** @type {HTMLInputElement} */ (find("origin"));
const portField = /** @type {HTMLInputElement} */ (find("port"));

function drawChoices() {
  language.replaceChildren(new Option(catalogue.text("options_language_auto"), "auto"),
    ...LANGUAGES.map(([code, name]) => {
      const option = new Option(name, code);
      option.lang = code;
      return option;
    }));
  language.value = settings.language;
  const names = new Intl.DisplayNames([catalogue.language], { type: "region" });
  const codes = Object.keys(routes.countries).filter((code) => code !== "EU");
  const named = codes.map((code) => ({ code, name: names.of(code) ?? code }));
  named.sort((one, other) => one.name.localeCompare(other.name, catalogue.language));
  country.replaceChildren(new Option(catalogue.text("options_country_auto"), "auto"),
    ...named.map(({ code, name }) => new Option(name, code)), new Option(catalogue.text("options_country_eu"), "EU"));
  country.value = settings.country;
}

/** @param {Site} site */
function drawSite(site) {
  const host = new URL(site.origin).host;
  const reader = make("select", { "aria-label": catalogue.text("options_reader", { site: host }) },
    new Option(catalogue.text("options_reader_auto"), "auto"),
    ...adapters.map(({ name, title }) => new Option(name === "generic" ? catalogue.text("options_reader_generic") : title, name)));
  reader.value = site.reader;
  reader.dataset["reader"] = site.origin;
  reader.addEventListener("change", async () => {
    await api.runtime.sendMessage({ type: "add_site", origin: site.origin, reader: reader.value });
    await renew();
  });
  const remove = make("button", { type: "button" }, catalogue.text("options_remove", { site: host }));
  remove.addEventListener("click", trusted(async () => {
    await api.runtime.sendMessage({ type: "remove_site", origin: site.origin });
    await renew();
    originField.focus();
  }));
  return make("li", {}, make("b", {}, site.origin), make("div", { class: "row" }, reader, remove));
}

function drawSites() {
  find("builtin").textContent = adapters.filter((adapter) => adapter.match.length > 0).map(({ title }) => title).join(", ");
  find("no-sites").hidden = settings.sites.length > 0;
  find("sites").replaceChildren(...settings.sites.map(drawSite));
}

async function drawHelper() {
  const { state } = (await api.runtime.sendMessage({ type: "helper" })) ?? { state: "resting" };
  const paired = settings.pairing !== null && state !== "unpaired";
  const line = find("pairing-state");
  line.dataset["state"] = state;
  const key = paired ? (state === "on" ? "options_paired" : "state_resting_text") : "options_unpaired";
  line.textContent = catalogue.text(key);
  find("connect").hidden = paired;
  find("unpair").hidden = settings.pairing === null;
}

function draw() {
  translate(catalogue);
  document.title = catalogue.text("options_title");
  find("port-hint").textContent = catalogue.text("options_port_hint", { port: DEFAULT_PORT });
  drawChoices();
  drawSites();
}

async function renew() {
  settings = await readSettings();
  catalogue = await loadCatalogue(chosenLanguage(settings));
  draw();
}

for (const [select, name] of /** @type {const} */ ([[language, "language"], [country, "country"]])) {
  select.addEventListener("change", async () => {
    await api.runtime.sendMessage({ type: "choose", [name]: select.value });
    await renew();
    await drawHelper();
    find("choice-note").textContent = catalogue.text("options_saved");
  });
}

find("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!event.isTrusted) return;
  const note = find("origin-note");
  note.textContent = "";
  const origin = asOrigin(originField.value);
  originField.setAttribute("aria-invalid", String(origin === null));
  if (origin === null) {
    note.textContent = catalogue.text("options_origin_invalid");
    originField.focus();
    return;
  }
  // Must come before anything that waits: the browser asks only right after a person's click.
  const allowed = await api.permissions.request({ origins: [originPattern(origin)] });
  if (allowed && (await builtinAdapter(origin)) === null) {
    const answer = await api.runtime.sendMessage({ type: "add_site", origin, reader: "auto" });
    if (!answer?.added) note.textContent = catalogue.text("options_origin_refused");
  } else if (!allowed) {
    note.textContent = catalogue.text("options_origin_refused");
  }
  if (note.textContent === "") originField.value = "";
  await renew();
});

find("port-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!event.isTrusted) return;
  const port = Number(portField.value.trim());
  const good = /^\d+$/.test(portField.value.trim()) && isPort(port);
  portField.setAttribute("aria-invalid", String(!good));
  find("port-note").textContent = catalogue.text(good ? "options_saved" : "options_port_invalid");
  if (!good) return;
  await api.runtime.sendMessage({ type: "choose", port });
  await drawHelper();
});

find("unpair").addEventListener("click", trusted(async () => {
  await api.runtime.sendMessage({ type: "unpair" });
  settings = await readSettings();
  await drawHelper();
}));

draw();
portField.value = String(settings.port);
await drawHelper();
document.documentElement.dataset["ready"] = "true";
