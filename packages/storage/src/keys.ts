import { SafebaseError } from "@safebase/contracts";

/** Interrupted puts leave names with this start; no key has a segment that starts so. */
export const TEMP_PREFIX = ".tmp-";

const SEGMENT_MAX_BYTES = 255;
const KEY_MAX_BYTES = 1024;
const CONTROL_OR_BACKSLASH = /[\p{Cc}\\]/u;

/** Why this is no key, or undefined when it is one. The bounds are those of POSIX names and of S3. */
function fault(key: string): string | undefined {
  if (key === "") return "it is empty";
  if (!key.isWellFormed()) return "it is not valid unicode";
  if (Buffer.byteLength(key) > KEY_MAX_BYTES) return `it is longer than ${KEY_MAX_BYTES} bytes`;
  if (CONTROL_OR_BACKSLASH.test(key)) return "it holds a control character or a backslash";
  for (const segment of key.split("/")) {
    if (segment === "") return "it is absolute or has an empty segment";
    if (segment === "." || segment === "..") return "it has a segment that leads elsewhere";
    if (segment.startsWith(TEMP_PREFIX)) return "it has the name of a temporary";
    if (Buffer.byteLength(segment) > SEGMENT_MAX_BYTES) return `a segment is longer than ${SEGMENT_MAX_BYTES} bytes`;
  }
  return undefined;
}

/** Whether a string may be the key of an object. */
export function isKey(key: string): boolean {
  return fault(key) === undefined;
}

/** Throws `bad_request` unless the string may be the key of an object. */
export function assertKey(key: string): void {
  const reason = fault(key);
  if (reason !== undefined) {
    throw new SafebaseError("bad_request", `not a storage key: ${JSON.stringify(key.slice(0, 100))}: ${reason}`);
  }
}
