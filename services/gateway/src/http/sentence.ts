import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** Fields whose value is never repeated to anybody. */
const SECRET = /password|passphrase|private_key|token|secret|identity|url|topic|cookie|authorization/i;

/**
 * One sentence for a refused input: names the field, says what it must be and what it was. A schema's own message
 * continues the field's name when it begins with "must" or "may", else it is the whole sentence.
 */
export function sentenceOf(error: z.core.$ZodError, input: unknown): string {
  const issues = flatten(error.issues, input);
  const missing = issues.filter((issue) => isMissing(issue, input)).map(nameOf);
  if (missing.length > 0) return `${joined(missing)} ${missing.length === 1 ? "is" : "are"} missing`;
  const [issue] = issues;
  if (issue === undefined) return "the request is not valid";
  if (issue.code === "unrecognized_keys") return `unknown ${issue.keys.length === 1 ? "field" : "fields"}: ${issue.keys.map((key) => [...issue.path, key.slice(0, 60)].map(String).join(".")).join(", ")}`;
  const text = explain(issue);
  if (!/^(must|may)\b/.test(text)) return text;
  return `${nameOf(issue)} ${text}${got(issue, input)}`;
}

/** A schema's own message, or what zod says by itself in the words of the API. */
function explain(issue: Issue): string {
  if (!isZodsOwn(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type": return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case "invalid_value": return `must be ${issue.values.map(String).join(", ").replace(/, ([^,]*)$/, " or $1")}`;
    case "invalid_format": return issue.format === "email" ? "must be an email address" : issue.message;
    case "too_small": return limit(issue.origin, "least", Number(issue.minimum));
    case "too_big": return limit(issue.origin, "most", Number(issue.maximum));
    default: return issue.message;
  }
}

function limit(origin: string, which: "least" | "most", bound: number): string {
  if (origin === "string") return `must have at ${which} ${bound} character${bound === 1 ? "" : "s"}`;
  return `must ${origin === "array" ? "hold" : "be"} at ${which} ${bound}`;
}

function isZodsOwn(message: string): boolean {
  return /^(Invalid|Too (small|big))\b/.test(message);
}

const TYPE_WORDS: Record<string, string> = {
  string: "text", int: "a whole number", number: "a number", boolean: "true or false", object: "a JSON object", array: "a JSON array",
};

/** Of alternatives, the one that was meant: it knows the given fields, or else fails least. */
function flatten(issues: readonly Issue[], input: unknown): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union" || issue.errors.length === 0 || !isZodsOwn(issue.message)) return [issue];
    const branches = issue.errors.map((branch) => branch.map((inner): Issue => ({ ...inner, path: [...issue.path, ...inner.path] })));
    const needed = branches.map((branch) => branch.length === 1 && isMissing(branch[0]!, input) ? nameOf(branch[0]!) : undefined);
    if (needed.length > 1 && new Set(needed).size > 1 && needed.every((name) => name !== undefined)) return [{ ...issue, message: `${needed.join(", ").replace(/, ([^,]*)$/, " or $1")} must be given` }];
    const strange = (branch: Issue[]): number => branch.reduce((sum, inner) => sum + (inner.code === "unrecognized_keys" ? inner.keys.length : 0), 0);
    branches.sort((a, b) => strange(a) - strange(b) || (strange(a) > 0 ? a.length - b.length : 0));
    return flatten(branches[0] ?? [], input);
  });
}

function isMissing(issue: Issue, input: unknown): boolean {
  return issue.path.length > 0 && valueAt(input, issue.path) === undefined && ["invalid_type", "invalid_value", "invalid_union", "custom"].includes(issue.code);
}

function got(issue: Issue, input: unknown): string {
  const value = valueAt(input, issue.path);
  if (issue.path.some((part) => SECRET.test(String(part))) || (typeof value === "object" && value !== null)) return "";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return `, got ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, part) => (typeof value === "object" && value !== null && Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined), input);
}

function nameOf(issue: Issue): string {
  return issue.path.length === 0 ? "the body" : issue.path.map(String).join(".");
}

function joined(names: string[]): string {
  return [...new Set(names)].join(", ").replace(/, ([^,]*)$/, " and $1");
}
