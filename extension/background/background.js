// The background's front desk: takes events and messages and hands them to the module that knows. Nothing else.
import "../platform/browser.js";
import { chosenLanguage, ours } from "../language/language.js";
import { STORY_FOR } from "../practice/story.js";
import { pack } from "./envelope.js";
import { fingerprint } from "./fingerprint.js";
import { askHelper, forgetPairing, forgetProof, pair, Refused } from "./helper.js";
import { recordOf, viewOf } from "./hint.js";
import { addHint, changeHint, forgetTab, helperFacts, helperState, hints, setTabReading, tabReadings } from "./memory.js";
import { isState, overall } from "./reading.js";
import { changeSettings, isPort, readSettings } from "./settings.js";
import { adaptersFor, addSite, asOrigin, builtinAdapter, dropUnpermitted, registerSites, removeSite } from "./site.js";
import { showSign } from "./sign.js";
import { ask, checkHelper, noteState, reportReadings } from "./watch.js";

const { api, guardStorage } = nightlight.browser;
const ALARM = "helper";

/** @typedef {{tab: number, frame: number, origin: string, site: string}} Page where a message of a content script comes from */

/** @param {chrome.runtime.MessageSender} sender @returns {Page | null} */
function pageOf(sender) {
  const origin = sender.url ? asOrigin(sender.url) : null;
  if (sender.tab?.id === undefined || origin === null || sender.frameId === undefined) return null;
  return { tab: sender.tab.id, frame: sender.frameId, origin, site: new URL(origin).host.slice(0, 64) };
}

/** @param {HintRecord} record */
async function wordsOf(record) {
  const settings = await readSettings();
  const facts = await helperFacts();
  return viewOf(record, {
    language: chosenLanguage(settings), country: settings.country, helpersCountry: facts?.country,
  });
}

/** What content scripts may ask. */
const fromPages = {
  /** @param {Page} page */
  async hello(page) {
    const adapters = await adaptersFor(page.origin);
    if (page.frame === 0) {
      void forgetTab(page.tab);
      // A frame may have been quicker than the page around it: it tells again how it is.
      api.tabs.sendMessage(page.tab, { type: "again" }).catch(() => {});
    }
    const adapter = adapters.at(-1)?.name;
    // The page does not wait for what is only noted; changes are noted in their order.
    if (adapter) void setTabReading(page.tab, page.frame, { adapter, state: "loading", site: page.site, reported: false });
    return { adapters };
  },

  /** @param {Page} page @param {any} message @returns {Promise<WindowAnswer>} */
  async window(page, message) {
    const adapters = await adaptersFor(page.origin);
    const adapter = adapters.find((candidate) => candidate.name === message.adapter);
    const messages = pack(message.messages);
    if (!adapter || messages.length === 0) return { state: (await helperState()) ?? "on", hint: null };
    const conversation = await fingerprint(page.site, adapter.name, String(message.conversation));
    const language = chosenLanguage(await readSettings());
    const { state, answer, refused } = await ask("/v1/assess", { conversation, site: page.site, language, messages });
    // Too many windows at once: the page keeps this one and sends it again, as when the helper rests.
    if (refused === "rate") return { state: "resting", hint: null };
    if (state !== "on") return { state, hint: null };
    const earlier = (await hints()).filter((hint) => hint.tab === page.tab && hint.conversation === conversation);
    if (answer?.nudge) {
      const line = (await hints()).length;
      const record = recordOf(answer, { tab: page.tab, site: page.site, conversation, language, line });
      await addHint(record);
      return { state, hint: await wordsOf(record) };
    }
    // A hint that the page never got, or that was lost when the page was loaded anew, is given again.
    const open = earlier.filter((hint) => !hint.dismissed && !hint.removed && !hint.known).at(-1);
    const again = open && (!open.shown || message.first === true);
    return { state, hint: again ? await wordsOf(open) : null };
  },

  /** @param {Page} page @param {any} message */
  async adapter_state(page, message) {
    const adapter = (await adaptersFor(page.origin)).find((candidate) => candidate.name === message.adapter);
    if (!adapter || !isState(message.state)) return null;
    const { state } = message;
    await setTabReading(page.tab, page.frame, { adapter: adapter.name, state, site: page.site, reported: false });
    await reportReadings();
    return null;
  },

  /** @param {Page} page @param {any} message */
  async hint_shown(page, message) {
    return own(page, message, { shown: true });
  },

  /** @param {Page} page @param {any} message */
  async hint_dismissed(page, message) {
    return own(page, message, { dismissed: true });
  },

  /** @param {Page} page @param {any} message */
  async hint_removed(page, message) {
    return own(page, message, { removed: true });
  },

  /** Opens the story that practises a sign of the hint; pages themselves cannot open it. @param {Page} page @param {any} message */
  async practise(page, message) {
    const record = (await hints()).find((hint) => hint.id === message.id && hint.tab === page.tab);
    const tactic = record?.tactics[Number(message.sign)];
    if (!tactic) return null;
    await api.tabs.create({ url: api.runtime.getURL(`practice/practice.html#story/${STORY_FOR[tactic]}`) });
    return { opened: true };
  },

  /** @param {Page} page @param {any} message */
  async known(page, message) {
    const record = (await hints()).find((hint) => hint.id === message.id && hint.tab === page.tab);
    return record ? setKnown(record, message.known === true) : null;
  },
};

/** Changes a hint that was given to this page. @param {Page} page @param {any} message @param {Partial<HintRecord>} change */
async function own(page, message, change) {
  const record = (await hints()).find((hint) => hint.id === message.id && hint.tab === page.tab);
  if (record) await changeHint(record.id, change);
  return null;
}

/** @param {HintRecord} record @param {boolean} known */
async function setKnown(record, known) {
  const { answer } = await ask("/v1/known", { conversation: record.conversation, known }, true);
  if (!answer) return null;
  await changeHint(record.id, { known: answer.known === true, dismissed: true });
  return { known: answer.known === true };
}

/** What the extension's own pages may ask. */
const fromOurselves = {
  /** @param {any} message @returns {Promise<Overview>} */
  async overview(message) {
    const settings = await readSettings();
    const helper = await checkHelper(true);
    const tab = typeof message.tab === "number" ? await api.tabs.get(message.tab).catch(() => null) : null;
    const origin = tab?.url ? asOrigin(tab.url) : null;
    const host = origin ? new URL(origin).host : null;
    const frames = tab?.id === undefined ? {} : (await tabReadings())[tab.id] ?? {};
    // What is known about the page itself must be about the page that is there now.
    const current = frames[0] === undefined || frames[0].site === host?.slice(0, 64);
    const reading = current ? overall(Object.values(frames).map((frame) => frame.state)) : null;
    const builtin = origin !== null && (await builtinAdapter(origin)) !== null;
    const added = origin !== null && settings.sites.some((site) => site.origin === origin);
    /** @type {PopupState} */
    let state = helper;
    if (helper === "on") {
      if (!added && !builtin) state = "off_site";
      else if (reading === "loading" || reading === "signed_out") state = reading;
      else if (reading === null || reading === "no_chat") state = "no_chat";
      else if (reading === "broken") state = "unreadable";
    }
    const facts = await helperFacts();
    return {
      state, helper, reading, origin, host, added,
      builtin, hints: (await hints()).filter((hint) => tab === null || hint.tab === tab.id).slice(-5).reverse(),
      language: chosenLanguage(settings), country: settings.country === "auto" ? (facts?.country ?? "auto") : settings.country,
    };
  },

  /** @param {any} message */
  async words(message) {
    const record = (await hints()).find((hint) => hint.id === message.id);
    return record ? wordsOf(record) : null;
  },

  /** @param {any} message */
  async known(message) {
    const record = (await hints()).find((hint) => hint.id === message.id);
    if (!record) return null;
    const answer = await setKnown(record, message.known === true);
    // The hint in the page has had its answer here.
    if (answer) await api.tabs.sendMessage(record.tab, { type: "hint_gone", id: record.id }).catch(() => {});
    return answer;
  },

  /** @param {any} message */
  async pair(message) {
    try {
      await pair(String(message.code));
    } catch (error) {
      if (error instanceof Refused) return { error: error.type === "code" || error.type === "window-closed" ? error.type : "other" };
      return { error: "unreachable" };
    }
    const state = await checkHelper(true);
    return { state };
  },

  async unpair() {
    // The helper should forget it too; if it is not there, our own side is still forgotten.
    await askHelper("/v1/unpair", {}, true).catch(() => {});
    await forgetPairing();
    await noteState("unpaired");
    return { state: "unpaired" };
  },

  async helper() {
    return { state: await checkHelper(true) };
  },

  /** @param {any} message */
  async add_site(message) {
    const origin = asOrigin(String(message.origin));
    return { added: origin !== null && await addSite(origin, String(message.reader ?? "auto")) };
  },

  /** @param {any} message */
  async remove_site(message) {
    await removeSite(String(message.origin));
    return {};
  },

  /** @param {any} message */
  async choose(message) {
    if (typeof message.language === "string") {
      await changeSettings({ language: message.language === "auto" ? "auto" : (ours(message.language) ?? "auto") });
      await showSign((await helperState()) ?? "on");
    }
    if (typeof message.country === "string") await changeSettings({ country: message.country });
    if (isPort(message.port)) {
      await changeSettings({ port: message.port });
      forgetProof();
      await checkHelper(true);
    }
    return readSettings().then(({ language, country, port }) => ({ language, country, port }));
  },
};

api.runtime.onMessage.addListener((message, sender, reply) => {
  const type = String(message?.type);
  const ours = sender.id === api.runtime.id && sender.url?.startsWith(api.runtime.getURL("")) === true;
  const page = sender.id === api.runtime.id && !ours ? pageOf(sender) : null;
  let answer;
  if (ours && Object.hasOwn(fromOurselves, type)) {
    answer = /** @type {any} */ (fromOurselves)[type](message);
  } else if (page && Object.hasOwn(fromPages, type)) {
    answer = /** @type {any} */ (fromPages)[type](page, message);
  } else {
    return false;
  }
  // A page gets no reason: an error here must not carry anything out.
  Promise.resolve(answer).then(reply, () => reply(null));
  return true;
});

api.runtime.onInstalled.addListener(async ({ reason }) => {
  await guardStorage();
  await registerSites();
  await api.alarms.create(ALARM, { periodInMinutes: 0.5 });
  const state = await checkHelper(true);
  await showSign(state);
  if (reason === "install") await api.tabs.create({ url: api.runtime.getURL("welcome/welcome.html") });
});

api.runtime.onStartup.addListener(async () => {
  await guardStorage();
  await registerSites();
  await api.alarms.create(ALARM, { periodInMinutes: 0.5 });
  await showSign(await checkHelper(true));
});

api.alarms.onAlarm.addListener(async () => {
  await checkHelper();
  await reportReadings();
});

api.tabs.onRemoved.addListener((tab) => void forgetTab(tab));
api.permissions.onRemoved.addListener(() => void dropUnpermitted());
api.commands.onCommand.addListener(async (command, tab) => {
  if (command === "focus-hint" && tab?.id !== undefined) {
    await api.tabs.sendMessage(tab.id, { type: "focus_hint" }).catch(() => {});
  }
});
