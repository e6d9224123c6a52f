import { ThrottledError } from "../auth/throttle.ts";

const AGAIN_AFTER_S = 30;

/** The right to convert one download, until it is left; leaving twice is once. */
export interface Place { leave(): void }

/** How many downloads this gateway converts at once: each costs native processes and their memory. */
export class Conversions {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws ThrottledError when all places are taken. */
  enter(): Place {
    if (this.#taken >= this.#most) {
      throw new ThrottledError(AGAIN_AFTER_S, `${this.#most} ${this.#most === 1 ? "download is" : "downloads are"} being converted already, try again later or download the backup as stored`);
    }
    this.#taken++;
    let left = false;
    return {
      leave: () => {
        if (!left) this.#taken--;
        left = true;
      },
    };
  }
}
