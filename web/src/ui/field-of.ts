import type { ApiError } from "../api/client.ts";

/** The field that a refusal begins with, as "port must be a whole number" and "config.bucket: …" do, when the form has it. */
export function fieldOf({ code, message }: Pick<ApiError, "code" | "message">, names: readonly string[]): string | undefined {
  if (code !== "bad_request") return undefined;
  const first = /^(?:config\.)?([a-z0-9_]+)(?::|\b.* (?:is|are|must|may|holds?|has)\b)/.exec(message)?.[1];
  return names.find((name) => name === first);
}
