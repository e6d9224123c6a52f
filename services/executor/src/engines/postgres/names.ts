import { createHash } from "node:crypto";
import { SafebaseError } from "@safebase/contracts";
import pg from "pg";

/** A name as an identifier in SQL. */
export const quoteName = (name: string): string => pg.escapeIdentifier(name);
/** A value as a literal in SQL, for statements that take no parameters. */
export const quoteText = (text: string): string => pg.escapeLiteral(text);

/** Names longer than this are cut by the server without an error: into another name. */
const NAME_LIMIT_BYTES = 63;

/** Refuses a name that the server would take for another one, or that no server takes. */
export function checkDatabaseName(name: string): void {
  const size_bytes = Buffer.byteLength(name);
  if (size_bytes === 0 || size_bytes > NAME_LIMIT_BYTES || name.includes("\0")) {
    throw new SafebaseError("bad_request", `a PostgreSQL database's name has 1 to ${NAME_LIMIT_BYTES} bytes, this one has ${size_bytes}: ${name.slice(0, 80).replaceAll("\0", "")}`);
  }
  if (name === "template0") throw new SafebaseError("bad_request", "template0 cannot be replaced: new databases are made from it");
}

export interface RestoreNames { readonly target: string; readonly side: string; readonly old: string; readonly marker: string }

/** The databases of one restore: the same for every run with its tag, at most 63 bytes, no one else's. */
export function restoreNames(tag: string, target: string): RestoreNames {
  const readable = tag.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^safebase_/, "").slice(0, 32);
  const unique = createHash("sha256").update(JSON.stringify([tag, target])).digest("hex").slice(0, 12);
  const stem = `safebase_${readable}_${unique}`;
  return { target, side: `${stem}_new`, old: `${stem}_old`, marker: `safebase restore ${unique}` };
}

/** Is it what a restore loads into, or has set aside? */
export const isRestoreName = (name: string): boolean => /^safebase_[a-z0-9_]{0,32}_[0-9a-f]{12}_(new|old)$/.test(name);
