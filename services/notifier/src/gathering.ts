const LONGEST_MS = 2 ** 31 - 1; // the most that a timer can wait

/** Gathers what comes within a time of the first, up to a number, and hands it on together. */
export class Gathering<T> {
  readonly #limit: number;
  readonly #close: (members: T[]) => void;
  #members: T[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(limit: number, close: (members: T[]) => void) {
    this.#limit = limit;
    this.#close = close;
  }

  get isOpen(): boolean {
    return this.#members.length > 0;
  }

  /** The first sets the time. */
  add(member: T, within_ms: number): void {
    this.#members.push(member);
    if (this.#members.length >= this.#limit) this.#close(this.take());
    else this.#timer ??= setTimeout(() => this.#close(this.take()), Math.min(within_ms, LONGEST_MS));
  }

  /** Takes back what has gathered so far. */
  take(): T[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const members = this.#members;
    this.#members = [];
    return members;
  }
}
