import { accounts } from "./sentences/accounts.ts";
import { common } from "./sentences/common.ts";
import { executor } from "./sentences/executor.ts";
import { executors } from "./sentences/executors.ts";
import { gateway } from "./sentences/gateway.ts";
import { input } from "./sentences/input.ts";
import type { Pair } from "./sentences/pair.ts";
import { storage } from "./sentences/storage.ts";
import { words } from "./sentences/words.ts";

/** How deep sentences lie in sentences: "…; the target was put back as it was" after what had failed, and why. */
const DEPTH = 4;

interface Compiled { readonly pattern: RegExp; readonly french: string; readonly literal: number }

let compiled: readonly Compiled[] | undefined;

/** A sentence of SafeBase's in French; undefined when it is none of ours. Values in it, such as what a server said, stay as they are. */
export function inFrench(sentence: string): string | undefined {
  compiled ??= ofFields([...gateway, ...accounts, ...executor, ...executors, ...storage, ...common, ...input]).map(compile).toSorted((a, b) => b.literal - a.literal);
  return translate(sentence, DEPTH);
}

function translate(text: string, depth: number): string | undefined {
  if (Object.hasOwn(words, text)) return words[text];
  if (depth === 0) return undefined;
  for (const { pattern, french } of compiled ?? []) {
    const found = pattern.exec(text);
    if (found !== null) return fill(french, found.slice(1).map((value) => translate(value, depth - 1) ?? value));
  }
  return undefined;
}

function fill(french: string, values: readonly string[]): string {
  let next = 0;
  const filled = french.replaceAll(/\{(\d*)\}/g, (_, number: string) => values[number === "" ? next++ : Number(number) - 1] ?? "");
  return filled.replaceAll(/ ([:;?!»])/g, "\u00A0$1").replaceAll("« ", "«\u00A0");
}

function compile([english, french]: Pair): Compiled {
  const source = english.split("{}").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+?)");
  return { pattern: new RegExp(`^${source}$`, "s"), french, literal: english.replaceAll("{}", "").length };
}

/** What a field must be follows its name, and what it was follows that. */
function ofFields(pairs: readonly Pair[]): Pair[] {
  return pairs.flatMap(([english, french]): Pair[] => {
    if (!/^(must|may) /.test(english)) return [[english, french]];
    const count = english.split("{}").length - 1;
    const moved = french.includes("{}") ? `{} ${french}` : `{1} ${french.replaceAll(/\{(\d)\}/g, (_, number: string) => `{${Number(number) + 1}}`)}`;
    const got = moved.includes("{}") ? "{}" : `{${count + 2}}`;
    return [[english, french], [`{} ${english}`, moved], [`{} ${english}, got {}`, `${moved}, valeur reçue : ${got}`]];
  });
}
