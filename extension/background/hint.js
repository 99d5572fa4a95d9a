// Makes a hint: first the record (no text), then its words in the child's language. Does not decide whether to hint.
import "../platform/browser.js";
import { countryFor, helpLines, loadRoutes } from "../help/routes.js";
import { loadCatalogue } from "../language/catalogue.js";
import { randomBytes, toHex } from "./bytes.js";

const { api } = nightlight.browser;

const SAID = 3; // signs that are named in one hint
const FIRST_LINES = 3;

/** The signs on which nothing is silenced, most pressing first. */
export const URGENT = /** @type {Tactic[]} */ (["threat", "running_away", "meeting"]);

/** In the order of design's stages: which sign is named first when several are equally clear. */
export const TACTICS = /** @type {Tactic[]} */ ([
  "age_probing", "personal_probing", "flattery", "gifts", "risk_assessment", "secrecy", "isolation", "platform_move",
  "sexual_approach", "image_request", "meeting", "running_away", "pressure", "threat",
]);

/**
 * @param {Assessment} assessment @param {{tab: number, site: string, conversation: string, language: string, line: number}} about
 * @returns {HintRecord}
 */
export function recordOf(assessment, about) {
  const urgent = assessment.level === "urgent";
  const known = assessment.tactics.filter((evidence) => TACTICS.includes(evidence.tactic));
  /** @param {TacticEvidence} evidence */
  const weight = (evidence) => evidence.score + (urgent && URGENT.includes(evidence.tactic) ? 1 : 0);
  const tactics = known.sort((one, other) => weight(other) - weight(one)).map((evidence) => evidence.tactic);
  return {
    id: toHex(randomBytes(8)), level: urgent ? "urgent" : "nudge", tactics: [...new Set(tactics)],
    at: new Date().toISOString(), dismissed: false, shown: false, removed: false, known: false, ...about,
  };
}

/**
 * The small actions, those for what was said first.
 * @param {HintRecord} record
 */
export function actionsFor(record) {
  const special = URGENT.filter((tactic) => record.tactics.includes(tactic)).map((tactic) => `do_${tactic}`);
  return [...special, "do_pause", "do_no_reply", "do_talk", "do_mute", "do_keep", "do_block"];
}

/**
 * @param {HintRecord} record @param {{language: string, country: string, helpersCountry: string | null | undefined}} choice
 * @returns {Promise<HintView>}
 */
export async function viewOf(record, choice) {
  const catalogue = await loadCatalogue(choice.language);
  const routes = await loadRoutes();
  const country = countryFor(routes, choice.country, choice.helpersCountry, api.i18n.getUILanguage());
  const urgent = record.level === "urgent";
  const named = record.tactics.slice(0, SAID);
  const line = (record.line % FIRST_LINES) + 1;
  /** @param {string} key */
  const text = (key) => catalogue.text(key);
  return {
    id: record.id, level: record.level, language: catalogue.language,
    label: text("hint_label"), first: text(urgent ? `hint_urgent_first_${line}` : `hint_first_${line}`),
    saidLead: named.length > 0 ? text("hint_said_lead") : "", said: named.map((tactic) => text(`tactic_${tactic}_said`)),
    sent: urgent ? text("hint_already_sent") : null,
    why: text("hint_why"), whyLead: text("hint_why_lead"),
    whys: named.map((tactic) => ({ name: text(`tactic_${tactic}_name`), text: text(`tactic_${tactic}_why`) })),
    whyClose: text("hint_why_close"), practise: text("practice_open"),
    act: text("hint_do"), actions: actionsFor(record).map(text),
    helpTitle: text("help_title"), helpLead: text("help_lead"), help: helpLines(routes, country, catalogue),
    known: urgent ? null : text("hint_known"), knownDone: text("hint_known_done"), knownUndo: text("hint_known_undo"),
    knownFailed: text("hint_known_failed"), dismiss: text("hint_dismiss"), close: text("hint_close"),
  };
}
