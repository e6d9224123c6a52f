/** How the program ends. `interrupted` is what a shell shows of a program that Ctrl-C ended. */
export const EXIT = { ok: 0, failed: 1, usage: 2, no_access: 3, interrupted: 130 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** What the user is told, in a sentence, and the status that the program ends with. */
export class Problem extends Error {
  override readonly name: string = "Problem";
  readonly exit: Exit;
  readonly hint: string | undefined;

  constructor(exit: Exit, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exit = exit;
    this.hint = options.hint;
  }
}

/** Nobody answers, or somebody else: a while later it may be SafeBase. */
export class Unreachable extends Problem {
  override readonly name = "Unreachable";

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(EXIT.no_access, message, options);
  }
}
