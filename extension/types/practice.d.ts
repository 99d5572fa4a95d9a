// The shapes of the practice game: types only, nothing that runs.

interface PracticeMessage { from: "contact" | "child" | "lantern"; text: string; tactic?: Tactic }
interface PracticeChoice { id: string; kind: "say" | "do"; text: string; to: string }
type EndingKind = "steady" | "helped" | "later" | "friendly" | "checked" | "mixed";
interface PracticeScene { messages: PracticeMessage[]; choices: PracticeChoice[] }
interface PracticeEnd { ending: { kind: EndingKind; title: string; text: string } }
interface PracticeStory {
  id: string; language: string; title: string; blurb: string; contact: { name: string; creature: string };
  benign: boolean; tactics: Tactic[]; start: string; nodes: Record<string, PracticeScene | PracticeEnd>;
  guide: { aim: string; questions: string[] };
}
/** Something to answer: `tactic` is null where the message is simply friendly. */
interface PracticeReply { tactic: Tactic | null; prompt: string; ideas: { text: string; note: string }[] }
interface PracticeTexts { words: Record<string, string>; replies: PracticeReply[] }

/** What is kept of playing, in storage.local: no word that was typed. */
interface PracticeProgress { endings: Record<string, string[]>; spot: number | null; replied: boolean; sound: boolean }

/** A message to look at in its scene. `answer` is null where it carries no sign. */
interface SpotItem { story: PracticeStory; messages: PracticeMessage[]; lit: number; answer: Tactic | null; options: (Tactic | null)[] }

/** A hint also names the button that opens the story about a sign. */
interface HintView { practise: string }
