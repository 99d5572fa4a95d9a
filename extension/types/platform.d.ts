// What platform/browser.js offers.
export interface BrowserDifferences {
  api: typeof chrome;
  alive(): boolean;
  originPattern(origin: string): string;
  contentFiles(): string[];
  guardStorage(): Promise<void>;
}
