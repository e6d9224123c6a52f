import { createHash } from "node:crypto";

/** An identifier as SQL wants it, whatever characters it holds. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/**
 * The table that marks a database we are restoring into. The tag is part of its name, so that another job's marker is
 * never taken for ours; odd or long tags are replaced by their hash, since a name has 64 characters at most.
 */
export function markerName(tag: string): string {
  const safe = /^[A-Za-z0-9_-]{1,40}$/.test(tag) ? tag : createHash("sha256").update(tag).digest("hex").slice(0, 32);
  return `_safebase_restore_${safe}`;
}
