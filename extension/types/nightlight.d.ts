// The shapes that several modules share: types only, nothing that runs.

type Tactic =
  | "age_probing" | "personal_probing" | "flattery" | "gifts" | "risk_assessment" | "secrecy" | "isolation"
  | "platform_move" | "sexual_approach" | "image_request" | "meeting" | "running_away" | "pressure" | "threat";

type Speaker = "contact" | "child" | "unknown";
/** `loading` is said of a page, never counted: it says nothing yet. */
type AdapterState = "loading" | "signed_out" | "no_chat" | "ok" | "degraded" | "broken";
type HelperState = "on" | "resting" | "unpaired";
type Level = "none" | "nudge" | "urgent";

/** One message as the content script reads it and as the helper takes it. `at` is ISO 8601 or null. */
interface ChatMessage { id: string; from: Speaker; text: string; at: string | null }
/**
 * A message that was read, before the window takes it: `weak` says that the page gave no id of its own; `author` tells
 * the contacts of a group apart, and never leaves the page.
 */
interface ReadMessage extends ChatMessage { weak: boolean; author: string | null }

/** How to get a string out of an element. See adapters/adapter.schema.json. */
interface ValueRule {
  selector?: string; closest?: string; refer?: string;
  read: "text" | "attribute" | "url" | "id";
  attribute?: string; pattern?: string;
}
type SpeakerRule =
  | { when: "matches" | "inside" | "contains"; selector: string; says: Speaker }
  | { when: "value"; value: ValueRule; says: Speaker }
  | { when: "same"; value: ValueRule; as: ValueRule; says: Speaker; otherwise?: Speaker }
  | { when: "previous"; unless: string }
  | { when: "side" };

interface Adapter {
  name: string; title: string;
  checked: { on: string | null; against: string };
  match: string[]; recognise: string[];
  extends?: string; anywhere?: boolean; frames?: boolean;
  signed_out?: string[]; account?: ValueRule[];
  conversation: { key: ValueRule[]; fallback: "url" | "none"; and_path?: boolean; opened?: boolean };
  panel?: string[]; list: string[]; near_composer?: boolean;
  message: string[]; text: string[]; skip: string[];
  id: ValueRule[]; time: ValueRule[];
  speaker: SpeakerRule[]; otherwise: Speaker; author?: ValueRule[]; deleted?: string[];
  composer: string[];
}

/** A chat in view: a conversation for each contact in it, and those of them with something new to judge. */
interface OpenChat { conversations: string[]; changed: string[]; composer: Element | null }
/** What the content script tells after each look at the page. */
interface PageReading { state: AdapterState; chats: OpenChat[] }

interface Pairing { id: string; token: string; proofKey: string }
interface Site { origin: string; reader: string }
interface Settings {
  port: number; pairing: Pairing | null; salt: string; language: string; country: string; sites: Site[];
}

interface TacticEvidence { tactic: Tactic; score: number; messages: string[] }
interface Assessment { risk: number; level: Level; nudge: boolean; tactics: TacticEvidence[]; known: boolean }
interface HelperStatus {
  version: string; bundle: { name: string; version: string } | null;
  sensitivity: string; country: string | null; language: string | null;
}

/** A hint as it is mirrored in storage.session; no message text. `conversation` is the salted hash. */
interface HintRecord {
  id: string; level: "nudge" | "urgent"; tactics: Tactic[]; site: string; at: string; language: string;
  dismissed: boolean; tab: number; conversation: string; shown: boolean; removed: boolean; known: boolean; line: number;
}
interface HelpLine { kind: "child" | "missing" | "online" | "emergency"; about: string; number: string }
/** A hint in words, ready to be drawn by the page's side, which knows no catalogue. */
interface HintView {
  id: string; level: "nudge" | "urgent"; language: string;
  label: string; first: string; saidLead: string; said: string[]; sent: string | null;
  why: string; whyLead: string; whys: { name: string; text: string }[]; whyClose: string;
  act: string; actions: string[];
  helpTitle: string; helpLead: string; help: HelpLine[];
  known: string | null; knownDone: string; knownUndo: string; knownFailed: string; dismiss: string; close: string;
}

type PopupState = HelperState | "loading" | "signed_out" | "unreadable" | "off_site" | "no_chat";
interface Overview {
  state: PopupState; helper: HelperState; reading: AdapterState | null;
  origin: string | null; host: string | null; added: boolean; builtin: boolean; hints: HintRecord[];
  language: string; country: string;
}

/** What a message window is answered with. */
interface WindowAnswer { state: HelperState; hint: HintView | null }

/** The one object that the content scripts of a page share, in their isolated world. */
interface NightlightRoom {
  browser: import("./platform").BrowserDifferences;
  ladder: typeof import("./room").ladder;
  text: typeof import("./room").text;
  identity: typeof import("./room").identity;
  speaker: typeof import("./room").speaker;
  people: typeof import("./room").people;
  ConversationWindow: typeof import("./room").ConversationWindow;
  pageState: typeof import("./room").pageState;
  watchAddress: typeof import("./room").watchAddress;
  Reader: typeof import("./room").Reader;
  Courier: typeof import("./room").Courier;
  place: typeof import("./room").place;
  look: string;
  Hint: typeof import("./room").Hint;
  started: boolean;
}
declare var nightlight: NightlightRoom;
