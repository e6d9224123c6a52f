import type { Language, NoticeKind, ObjectiveKind, ServerChange, Trigger } from "@safebase/contracts";
import { english } from "./english.ts";
import { french } from "./french.ts";

/** "backup failed" and "backups failed". */
export type Counted = readonly [one: string, many: string];

export type Label = "database" | "why" | "next" | "backup" | "restore" | "verification" | "trigger" | "size" | "duration" | "time" | "owner";

/** Everything that is said in a language. A kind of notice without words does not compile. */
export interface Words {
  readonly locale: string;
  /** Between a label and its value. */
  readonly colon: string;
  readonly what: Record<NoticeKind, string>;
  readonly counted: Record<NoticeKind, Counted>;
  /** What to do next, where the error itself does not say it. */
  readonly next: Record<NoticeKind, string | undefined>;
  readonly labels: Record<Label, string>;
  readonly triggers: Record<Trigger, string>;
  readonly notices: Counted;
  readonly backups: Counted;
  readonly test: string;
  readonly testSentence: string;
  readonly open: string;
  readonly automatic: string;
  readonly skipped: string;
  readonly number: (database_id: number) => string;
  readonly more: (count: string) => string;
  readonly group: (name: string) => string;
  /** `age` is undefined when there is none yet. */
  readonly objective: (kind: ObjectiveKind, age: string | undefined, limit: string) => string;
  readonly expired: (backups: string, size: string | undefined) => string;
  readonly silent: (since: string | undefined) => string;
  readonly back: (since: string | undefined) => string;
  readonly space: (free: string, total: string, percent: string) => string;
  /** `more`: how many are not named. */
  readonly server: (what: ServerChange, names: string, more: string | undefined) => string;
  readonly login: (ip: string | undefined, agent: string | undefined) => string;
}

const WORDS: Record<Language, Words> = { en: english, fr: french };

export function wordsOf(language: Language): Words {
  return WORDS[language];
}
