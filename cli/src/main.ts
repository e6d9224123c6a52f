#!/usr/bin/env node
import { CommanderError } from "@commander-js/extra-typings";
import { plain } from "./output.ts";
import { EXIT, Problem, type Exit } from "./problem.ts";
import { makeProgram } from "./program.ts";
import { textsFor, usageSentence } from "./texts/texts.ts";

const t = textsFor(process.env);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.failed); // `safebase list | head -1`: nobody reads on
});

try {
  await makeProgram(process.env, t).parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

/** Every error as a sentence, and what can be done about it; returns the status to end with. */
function tell(error: unknown): Exit {
  if (error instanceof CommanderError) return tellUsage(error);
  const problem = error instanceof Problem ? error : new Problem(EXIT.failed, error instanceof Error ? error.message : String(error), { cause: error });
  process.stderr.write(`safebase: ${plain(problem.message)}\n${problem.hint === undefined ? "" : `${plain(t.hint(problem.hint))}\n`}`);
  return problem.exit;
}

function tellUsage(error: CommanderError): Exit {
  if (error.exitCode === 0) return EXIT.ok; // --help
  if (error.code !== "commander.help") process.stderr.write(`safebase: ${usageSentence(error, t)}\n${t.hint(t.hints.help)}\n`);
  return EXIT.usage;
}
