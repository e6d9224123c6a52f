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
  return pickNamed(databases, text, { none: t.noDatabase, hint: t.hints.databases, several: t.ambiguous });
}

interface Sentences { readonly none: (text: string) => string; readonly hint: string; readonly several: (text: string, ids: readonly number[]) => string }

/** One of several things that have names, of which some may be the same. */
export function pickNamed<T extends { readonly id: number; readonly name: string }>(all: readonly T[], text: string, { none, hint, several }: Sentences): T {
  const byId = all.find(({ id }) => String(id) === text);
  if (byId !== undefined) return byId;
  const [named, ...others] = all.filter(({ name }) => name === text);
  if (named === undefined) throw new Problem(EXIT.failed, none(text), { hint });
  if (others.length > 0) throw new Problem(EXIT.failed, several(text, [named, ...others].map(({ id }) => id)));
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
