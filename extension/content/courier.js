// Carries windows to the background, one at a time and always the latest; what was not answered is carried again.
// Nothing is written down: what is pending is known by its conversation only, and read anew when it goes.
(() => {
  const DEBOUNCE_MS = 150;
  const FIRST_RETRY_MS = 2000;
  const LONGEST_RETRY_MS = 10_000;
  const WAITING = 24; // conversations; in a crowd that writes faster than can be judged, the oldest wait in vain
  const { api } = nightlight.browser;

  class Courier {
    /**
     * @param {(conversation: string) => object | null} windowOf what to send for a conversation, null if it is gone
     * @param {(conversation: string, answer: WindowAnswer) => void} answered
     */
    constructor(windowOf, answered) {
      this.windowOf = windowOf;
      this.answered = answered;
      /** @type {Set<string>} */ this.pending = new Set();
      this.busy = false;
      this.timer = 0;
      this.due = 0;
      this.retry = FIRST_RETRY_MS;
      this.stopped = false;
    }

    /** @param {string} conversation */
    send(conversation) {
      // The conversation that was sent last goes last: the one in front of the child is the one that matters.
      this.pending.delete(conversation);
      this.pending.add(conversation);
      for (const oldest of this.pending) {
        if (this.pending.size <= WAITING) break;
        this.pending.delete(oldest);
      }
      this.plan(DEBOUNCE_MS);
    }

    /** Sends at once whatever waits: the helper is back. */
    sendPending() {
      this.retry = FIRST_RETRY_MS;
      this.plan(0);
    }

    /** @param {number} wait */
    plan(wait) {
      if (this.stopped || this.busy || this.pending.size === 0) return;
      const at = Date.now() + wait;
      // Where messages never cease, each must not put off the window again: the earlier time holds.
      if (this.timer !== 0 && this.due <= at) return;
      clearTimeout(this.timer);
      this.due = at;
      this.timer = setTimeout(() => {
        this.timer = 0;
        void this.carry();
      }, wait);
    }

    async carry() {
      if (this.busy || this.stopped) return;
      const conversation = [...this.pending].at(-1);
      if (conversation === undefined) return;
      this.pending.delete(conversation);
      const message = this.windowOf(conversation);
      if (!message) return this.plan(0);
      this.busy = true;
      /** @type {WindowAnswer | null} */
      const answer = await this.tell(message);
      this.busy = false;
      if (this.stopped) return;
      if (answer?.state === "on") {
        this.retry = FIRST_RETRY_MS;
        this.answered(conversation, answer);
        this.plan(DEBOUNCE_MS);
      } else {
        this.pending.add(conversation);
        this.plan(this.retry);
        this.retry = Math.min(this.retry * 2, LONGEST_RETRY_MS);
      }
    }

    /**
     * One message to the background; null when it could not answer.
     * @param {object} message @returns {Promise<any>}
     */
    async tell(message) {
      try {
        return (await api.runtime.sendMessage(message)) ?? null;
      } catch {
        // The background was put to sleep in the middle, or the extension was updated under this page.
        return null;
      }
    }

    stop() {
      this.stopped = true;
      clearTimeout(this.timer);
      this.pending.clear();
    }
  }

  nightlight.Courier = Courier;
})();
