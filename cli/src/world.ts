import { connect, type Api } from "./api.ts";
import { findAccess, type Environment } from "./access.ts";
import { EXIT, Problem } from "./problem.ts";
import { Terminal } from "./terminal.ts";
import type { Texts } from "./texts/texts.ts";

/** What every command stands on. */
export interface World {
  readonly env: Environment;
  readonly t: Texts;
  readonly terminal: Terminal;
  /** The API's JSON is printed, and nothing else. */
  readonly json: boolean;
  /** The API, with a token. */
  api(): Promise<Api>;
  /** Prints the JSON if it is asked for, else these lines. */
  show(json: unknown, lines: () => readonly string[]): void;
  /** Says something on the way, unless JSON is asked for. */
  say(line: string): void;
  /** Goes on only if the user says yes, now or by an option. */
  agree(question: string, yes: boolean): Promise<void>;
}

export function makeWorld(env: Environment, t: Texts, json: boolean): World {
  const terminal = new Terminal(t, env);
  return {
    env, t, terminal, json,
    api: async () => {
      const { url, token } = await findAccess(env, t);
      if (token === undefined) throw new Problem(EXIT.no_access, t.notLoggedIn(url), { hint: t.hints.login });
      return connect(url, token, t);
    },
    show: (value, lines) => {
      if (json) return terminal.json(value);
      for (const line of lines()) terminal.result(line);
    },
    say: (line) => { if (!json) terminal.note(line); },
    agree: async (question, yes) => {
      if (yes) return;
      if (!terminal.interactive) throw new Problem(EXIT.usage, t.noTerminal, { hint: t.hints.yes });
      if (!t.isYes(await terminal.ask(question))) throw new Problem(EXIT.failed, t.nothingDone);
    },
  };
}
