import type { CommanderError } from "@commander-js/extra-typings";
import type { Environment } from "../access.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";

/** A language has all of it: one that lacks a key does not compile. */
export type Texts = typeof en;

/** French when the locale says so, in the order in which POSIX looks at it; else English. */
export function textsFor(env: Environment): Texts {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return /^fr(_|\.|@|$)/.test(locale) ? fr : en;
}

/** What was wrong with the arguments. Commander says it in English, with what it means in quotes. */
export function usageSentence({ code, message }: CommanderError, { usage }: Texts): string {
  const [first = "", second = ""] = [...message.matchAll(/'([^']*)'/g)].map(([, quoted = ""]) => quoted);
  switch (code) {
    case "commander.unknownOption": return usage.unknownOption(first);
    case "commander.unknownCommand": return usage.unknownCommand(first);
    case "commander.missingArgument": return usage.missingArgument(first.toUpperCase());
    case "commander.excessArguments": return usage.excessArguments;
    case "commander.optionMissingArgument": return usage.optionMissingArgument(first);
    case "commander.invalidArgument": {
      const choices = /Allowed choices are (.*)\.$/.exec(message)?.[1];
      return first.startsWith("-") ? usage.invalidArgument(second, first, choices) : usage.invalidArgument(first, second.toUpperCase(), choices);
    }
    default: return message.replace(/^error: /, "");
  }
}
