import type { Notice } from "@safebase/contracts";

const MOST = 20_000;

/**
 * Who has been told of what by mails that others were put off from. Such a mail is tried again until it reaches
 * everybody, and whoever has it must not get it twice. Forgotten when the notifier ends.
 */
export class Recipients {
  readonly #told = new Set<string>();

  /** Those who miss any of the notices; `channel` tells channels with a recipient in common apart. */
  missing(channel: string, to: readonly string[], notices: readonly Notice[]): string[] {
    return to.filter((address) => notices.length === 0 || notices.some(({ id }) => !this.#told.has(key(channel, address, id))));
  }

  remember(channel: string, to: readonly string[], notices: readonly Notice[]): void {
    for (const address of to) for (const { id } of notices) this.#told.add(key(channel, address, id));
    for (const oldest of this.#told) {
      if (this.#told.size <= MOST) break;
      this.#told.delete(oldest);
    }
  }
}

function key(channel: string, address: string, notice_id: string): string {
  return JSON.stringify([channel, address, notice_id]);
}
