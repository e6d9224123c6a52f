import { InvalidArgumentError } from "@commander-js/extra-typings";
import { ask, type Api, type Database } from "./api.ts";
import { EXIT, Problem } from "./problem.ts";
import type { Texts } from "./texts/texts.ts";

/** The database that is meant by an id or a name. An id comes first: another database may be named like a number. */
export async function findDatabase(api: Api, text: string, t: Texts): Promise<Database> {
  const { databases } = await ask(api.api.databases.$get({ query: {} }));
  return pick(databases, text, t);
}

export function pick(databases: readonly Database[], text: string, t: Texts): Database {
  const byId = databases.find(({ id }) => String(id) === text);
  if (byId !== undefined) return byId;
  const [named, ...others] = databases.filter(({ name }) => name === text);
  if (named === undefined) throw new Problem(EXIT.failed, t.noDatabase(text), { hint: t.hints.databases });
  if (others.length > 0) throw new Problem(EXIT.failed, t.ambiguous(text, [named, ...others].map(({ id }) => id)));
  return named;
}

/** A number within limits, as an option's argument. */
export function parseNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= min && number <= max)) throw new InvalidArgumentError(`Allowed choices are ${min}–${max}.`); // as Commander says it of choices
    return number;
  };
}

/** A backup's id, as an argument. */
export function parseId(text: string): string {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("");
  return text;
}
