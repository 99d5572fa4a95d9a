// The small sign on the toolbar button: neutral, never an alarm.
import "../platform/browser.js";
import { loadCatalogue } from "../language/catalogue.js";
import { chosenLanguage } from "../language/language.js";
import { readSettings } from "./settings.js";

const { api } = nightlight.browser;
const BADGE = { on: "", resting: "zz", unpaired: "?" };

/** @param {HelperState} state */
export async function showSign(state) {
  const catalogue = await loadCatalogue(chosenLanguage(await readSettings()));
  await api.action.setBadgeText({ text: BADGE[state] });
  await api.action.setBadgeBackgroundColor({ color: "#4a5482" });
  await api.action.setBadgeTextColor?.({ color: "#ffffff" });
  await api.action.setTitle({ title: `${catalogue.text("extension_name")}: ${catalogue.text(`state_${state}_title`)}` });
}
