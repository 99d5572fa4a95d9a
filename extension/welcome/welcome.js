// The first page: what Nightlight is, and the pairing with the helper. `?port=` serves a helper on another port.
import "../platform/browser.js";
import { loadCatalogue } from "../language/catalogue.js";
import { chosenLanguage } from "../language/language.js";
import { find, translate, trusted } from "../language/translate.js";
import { isPort, readSettings } from "../background/settings.js";

const { api } = nightlight.browser;

const ERRORS = { code: "welcome_error_code", "window-closed": "welcome_error_closed", unreachable: "welcome_error_unreachable" };

const settings = await readSettings();
const catalogue = await loadCatalogue(chosenLanguage(settings));
translate(catalogue);
document.title = catalogue.text("welcome_title");

const code = /** @type {HTMLInputElement} */ (find("code"));
const button = /** @type {HTMLButtonElement} */ (find("pair"));

/** @param {"paired" | "unpaired" | "error"} state @param {string} key */
function say(state, key) {
  const line = find("pairing-state");
  line.dataset["state"] = state;
  line.textContent = catalogue.text(key);
  find("next").hidden = state !== "paired";
  code.setAttribute("aria-invalid", String(state === "error"));
}

async function connect() {
  const digits = code.value.replace(/\D/g, "");
  if (digits.length !== 6) {
    say("error", "welcome_error_format");
    code.focus();
    return;
  }
  button.disabled = true;
  say("unpaired", "welcome_state_working");
  const answer = await api.runtime.sendMessage({ type: "pair", code: digits });
  button.disabled = false;
  if (answer?.state === "on") {
    code.value = "";
    say("paired", "welcome_state_paired");
    return;
  }
  const error = /** @type {keyof typeof ERRORS} */ (answer?.error ?? "");
  say("error", ERRORS[error] ?? "welcome_error_other");
  code.select();
}

find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.isTrusted) void connect();
});
code.addEventListener("input", trusted(() => {
  if (find("pairing-state").dataset["state"] === "error") say("unpaired", "welcome_state_unpaired");
}));

const port = Number(new URLSearchParams(location.search).get("port"));
if (isPort(port) && port !== settings.port) await api.runtime.sendMessage({ type: "choose", port });
const { state } = (await api.runtime.sendMessage({ type: "helper" })) ?? {};
const paired = settings.pairing !== null && state !== "unpaired";
say(paired ? "paired" : "unpaired", paired && state === "resting" ? "state_resting_text" : `welcome_state_${paired ? "paired" : "unpaired"}`);
if (!paired) code.focus();
document.documentElement.dataset["ready"] = "true";
