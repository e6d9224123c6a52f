import { join } from "node:path";
import { runLine } from "./native.ts";
import type { Subject } from "./subject.ts";

/** For a line to encrypt with and to decrypt with of a subject `withIdentity`. */
export const ENCRYPT = 'age -R "$BENCH_RECIPIENTS"';
export const DECRYPT = 'age -d -i "$BENCH_IDENTITY"';

/** The same subject, with an identity of its own in its folder. */
export async function withIdentity(subject: Subject, signal: AbortSignal): Promise<Subject> {
  const [identity, recipients] = [join(subject.folder, "identity"), join(subject.folder, "recipients")];
  await runLine('age-keygen -o "$1" 2> /dev/null; age-keygen -y "$1" > "$2"', [identity, recipients], {}, signal);
  return { ...subject, env: { ...subject.env, BENCH_IDENTITY: identity, BENCH_RECIPIENTS: recipients } };
}
