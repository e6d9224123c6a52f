import { type Connection, type ErrorCode, SafebaseError } from "@safebase/contracts";
import type { StageFailure } from "@safebase/artifact";
import { SED_REFUSES } from "./sql-filter.ts";
import { COMMAND_IN_SQL, ERROR_RULES, type ErrorRule } from "./error-rules.ts";

const SENTENCE_LIMIT_CHARS = 300;
/** Lines in which servers and tools repeat statements and rows. */
const REVEALING_LINE = /^\s*(?:\S+: )?(?:DETAIL|CONTEXT|STATEMENT|QUERY|HINT|LINE \d+|hint|COPY |(?:detail: )?(?:Query|Command) was)\b/;

/** What an error of the driver means to the user. `failed` is the code where nothing more precise is known. */
export function explainDriverError(error: unknown, connection: Connection, failed: ErrorCode): SafebaseError {
  if (error instanceof SafebaseError) return error;
  const messages = messagesOf(error);
  const sqlstate = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return explain(messages, sqlstate, connection, failed, error);
}

/** What the stderr of pg_dump, pg_restore or psql means to the user. */
export function explainToolOutput(stderr: string, connection: Connection, failed: ErrorCode): SafebaseError | undefined {
  const text = stderr.split("\n").filter((line) => !REVEALING_LINE.test(line)).join("\n").trim();
  return text === "" ? undefined : explain(text, undefined, connection, failed, undefined);
}

/** Why a pipeline failed: what its failed program said, else what another said, else how it ended. */
export function explainStageFailure(failure: StageFailure, connection: Connection, failed: ErrorCode): SafebaseError {
  if (failure.failed.program === "sed" && failure.failed.exit_code === SED_REFUSES) {
    return new SafebaseError(failed, COMMAND_IN_SQL.sentence, { hint: COMMAND_IN_SQL.hint, cause: failure });
  }
  for (const report of [failure.failed, ...failure.stages]) {
    const said = explainToolOutput(report.stderr, connection, failed);
    if (said !== undefined) return said;
  }
  return new SafebaseError(failed, failure.message, { cause: failure });
}

/** An error's first line without values that it may quote, without the password, of bounded length. */
export function harmless(text: string, password: string | null): string {
  const lines = text.split("\n");
  const line = [/\b(?:ERROR|FATAL|PANIC):/, /\berror:/].map((mark) => lines.find((one) => mark.test(one))).find(Boolean) ?? lines[0] ?? "";
  const sentence = line.replace(/^.*?\b(?:ERROR|FATAL|PANIC|error):\s+/, "")
    .replace(/: ".*$/, "") // invalid input syntax for type integer: "a value of a row"
    .replace(/ at or near ".*$/, "")
    .replace(/invalid command \\.*$/, "invalid command")
    .trim();
  return withoutPassword(sentence, password).slice(0, SENTENCE_LIMIT_CHARS);
}

function explain(text: string, sqlstate: string | undefined, connection: Connection, failed: ErrorCode, cause: unknown): SafebaseError {
  const rule = ERROR_RULES.find((candidate) => candidate.pattern.test(text)) ?? ruleFor(sqlstate);
  if (rule === undefined) return new SafebaseError(failed, harmless(text, connection.password), { cause });
  const sentence = withoutPassword(rule.sentence(rule.pattern.exec(text), connection), connection.password);
  return new SafebaseError(rule.code === "failed" ? failed : rule.code, sentence.slice(0, SENTENCE_LIMIT_CHARS), { hint: rule.hint, cause });
}

function ruleFor(sqlstate: string | undefined): ErrorRule | undefined {
  return sqlstate === undefined ? undefined : ERROR_RULES.find((rule) => rule.sqlstate === sqlstate);
}

/** A name that resolves to several addresses fails with one error for each. */
function messagesOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messagesOf).join("\n");
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  const severity = "severity" in error && typeof error.severity === "string" ? `${error.severity}:  ` : "";
  return `${severity}${error.message}${code}`;
}

/** A shorter password is part of ordinary words: replacing it would show where. */
function withoutPassword(text: string, password: string | null): string {
  return password === null || password.length < 4 ? text : text.replaceAll(password, "***");
}
