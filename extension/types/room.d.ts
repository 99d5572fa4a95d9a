// The parts that the content scripts put into their shared object, by file of content/.
export const ladder: {
  one(root: ParentNode, rungs: string[]): { element: Element; rung: number } | null;
  all(root: ParentNode, rungs: string[]): { elements: Element[]; rung: number };
  value(element: Element | null, rule: ValueRule): string | null;
  values(element: Element | null, rules: ValueRule[]): { value: string; rung: number } | null;
};
export const text: { of(message: Element, rungs: string[], skip: string[]): string };
export const identity: {
  hash(text: string): string;
  of(element: Element, rules: ValueRule[], text: string, before: string): { id: string; weak: boolean };
};
export const speaker: {
  SpeakerSense: new (adapter: Adapter) => {
    of(element: Element, list: Element, before: Speaker | null): Speaker;
    forget(): void;
    bothSides: boolean;
  };
};
export class ConversationWindow {
  constructor(limit?: number);
  merge(read: ReadMessage[], atEnd: boolean, live: string | null): boolean;
  messages(): ChatMessage[];
  overlaps(read: ReadMessage[]): boolean;
  align(read: ReadMessage[], atEnd: boolean): number | null;
  kept: ReadMessage[];
}
export const people: {
  split(chat: string, messages: ReadMessage[]): { name: string; messages: ReadMessage[]; print: string }[];
};
export interface PageFacts {
  /** Whether the page shows where one signs in. */
  signedOut: boolean;
  /** Whether the site has drawn what we know it by, or had time enough for it. */
  ready: boolean;
  /** Whether something else than the list says that a chat is open: a box to write in, the address. */
  opened: boolean;
  list: boolean; listHasText: boolean; messages: number; withText: number;
  /** Messages that are pictures only or were deleted. */
  wordless: number;
  /** Messages that show words of which none were read. */
  unread: number;
  /** Messages without a known speaker. */
  unknown: number;
  /** How many ladders had to use a last resort. */
  fallbacks: number;
}
export const pageState: {
  BROKEN_MS: number;
  unreadable(facts: PageFacts): boolean;
  judge(facts: PageFacts, waited: number): AdapterState;
  together(states: AdapterState[]): AdapterState;
};
export function watchAddress(changed: () => void): () => void;
export class Reader {
  constructor(adapters: Adapter[], heard: (reading: PageReading) => void);
  start(): void;
  stop(): void;
  soon(): void;
  adapter: Adapter | null;
  state: AdapterState | null;
  messagesOf(conversation: string): ChatMessage[];
}
export class Courier {
  constructor(windowOf: (conversation: string) => object | null, answered: (conversation: string, answer: WindowAnswer) => void);
  send(conversation: string): void;
  sendPending(): void;
  tell(message: object): Promise<any>;
  stop(): void;
}
export const place: {
  choose(view: { width: number; height: number }, card: { width: number; height: number },
    composer: { left: number; top: number; right: number; bottom: number } | null):
    { left: number; top: number; maxHeight: number };
};
export class Hint {
  constructor(ask: (message: object) => Promise<any>);
  view: HintView | null;
  show(view: HintView, composer: Element | null): void;
  setComposer(composer: Element | null): void;
  hide(): void;
  focus(): void;
}
