import { NOTICE_SEVERITY, SEVERITIES, type Notice, type Severity } from "@safebase/contracts";
import type { Digest } from "./channels/channel.ts";
import { oneLine, shorten } from "./text.ts";
import { formatBytes, formatCount, formatDuration, formatNumber, formatPercent, formatTime } from "./format.ts";
import { wordsOf, type Words } from "@safebase/words";
import { inFrench } from "@safebase/words/sentences";

/** What is told, in words, the same for every channel that is read by people. All of it is text, none of it markup. */
export interface Message {
  /** One line: "[SafeBase] Backup failed: shop". */
  readonly subject: string;
  /** The same without the name of who tells it. */
  readonly heading: string;
  /** Of the worst that is told. */
  readonly severity: Severity;
  /** Says that it is a test, when it is. */
  readonly test: string | undefined;
  readonly items: readonly Item[];
  readonly link: { readonly label: string; readonly url: string } | undefined;
  readonly words: Words;
}

/** One notice in words. */
export interface Item {
  readonly severity: Severity;
  readonly what: string;
  readonly about: string | undefined;
  readonly why: string | undefined;
  readonly next: string | undefined;
  readonly time: string;
  /** The rest of what is known, `why` and `next` left out. */
  readonly fields: readonly Field[];
}

export interface Field { readonly label: string; readonly value: string }

const MAX_SUBJECT = 200;

export function describeDigest({ notices, test, language, public_url }: Digest): Message {
  const words = wordsOf(language);
  const items = notices.map((notice) => describeNotice(notice, words));
  const heading = shorten(`${test ? `${words.test}${words.colon}` : ""}${headingOf(notices, items, words)}`, MAX_SUBJECT);
  return {
    subject: `[SafeBase] ${heading}`, heading, words, items,
    severity: SEVERITIES.findLast((each) => notices.some(({ severity }) => severity === each)) ?? "info",
    test: test ? words.testSentence : undefined,
    link: public_url === undefined ? undefined : { label: words.open, url: public_url },
  };
}

/** "Backup failed: shop — the server refused the password", in at most `max` characters. */
export function lineOf({ what, about, why }: Pick<Item, "what" | "about" | "why">, words: Words, max: number): string {
  const subject = about === undefined ? what : `${what}${words.colon}${shorten(about, Math.max(20, Math.floor(max / 2)))}`;
  return shorten(why === undefined ? subject : `${subject} — ${why}`, max);
}

function headingOf(notices: readonly Notice[], items: readonly Item[], words: Words): string {
  const [first] = items;
  if (first === undefined) return words.testSentence;
  if (items.length === 1) return lineOf({ ...first, why: undefined }, words, MAX_SUBJECT);
  const counts = new Map<Notice["kind"], number>();
  for (const { kind } of notices) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const worstFirst = [...counts].sort(([a, many], [b, more]) => weightOf(b) - weightOf(a) || more - many);
  const parts = worstFirst.map(([kind, count]) => formatCount(count, words.counted[kind], words.locale));
  return `${formatCount(items.length, words.notices, words.locale)}${words.colon}${parts.join(", ")}`;
}

function weightOf(kind: Notice["kind"]): number {
  return SEVERITIES.indexOf(NOTICE_SEVERITY[kind]);
}

function describeNotice(notice: Notice, words: Words): Item {
  const { locale, labels } = words;
  const { database, error } = notice;
  const fields: [keyof Words["labels"], string | null][] = [
    ["database", database === null ? null : `${database.name} (${database.type}, ${words.number(database.id)})`],
    ["backup", notice.backup_id === null ? null : words.number(notice.backup_id)],
    ["restore", notice.restore_id === null ? null : words.number(notice.restore_id)],
    ["verification", notice.verification_id === null ? null : words.number(notice.verification_id)],
    ["trigger", notice.trigger === null ? null : words.triggers[notice.trigger]],
    ["size", notice.size_bytes === null ? null : formatBytes(notice.size_bytes, locale)],
    ["duration", notice.duration_ms === null ? null : formatDuration(notice.duration_ms, locale)],
    ["time", formatTime(notice.at, locale)],
    ["owner", notice.user_email],
  ];
  const line = (text: string | undefined): string | undefined => (text === undefined ? undefined : oneLine(text));
  return {
    severity: notice.severity, what: words.what[notice.kind], about: line(aboutOf(notice, words)), time: formatTime(notice.at, locale),
    why: line(whyOf(notice, words)), next: line(said(notice.kind === "backup_skipped" ? undefined : error?.hint, words) ?? words.next[notice.kind]),
    fields: fields.flatMap(([label, value]) => (value === null ? [] : [{ label: labels[label], value: oneLine(value) }])),
  };
}

function aboutOf({ database, storage, service, login, server, user_email }: Notice, words: Words): string | undefined {
  if (database !== null) return database.name;
  if (storage !== null) return storage.id;
  if (service !== null) return service.group === null ? (service.id ?? service.name) : words.group(service.group);
  if (server !== null) return server.name;
  if (login !== null) return user_email ?? undefined;
  return undefined;
}

/** What makes the notice true, in a sentence. */
function whyOf(notice: Notice, words: Words): string | undefined {
  const { kind, error, objective, service, storage, login, server } = notice;
  const { locale } = words;
  const age = (seconds: number): string => formatDuration(seconds * 1000, locale);
  if (kind === "backup_skipped") return words.skipped; // no failure: all that is known has words in every language
  if (error !== null) return said(error.message, words);
  if (objective !== null) return words.objective(objective.kind, objective.age_s === null ? undefined : age(objective.age_s), age(objective.limit_s));
  if (service !== null) {
    const since = service.last_seen_at === null ? undefined : formatTime(service.last_seen_at, locale);
    return kind.endsWith("_back") ? words.back(since) : words.silent(since);
  }
  if (kind === "storage_back") return undefined;
  if (storage !== null && storage.free_bytes !== null && storage.total_bytes !== null) {
    const { free_bytes, total_bytes } = storage;
    const share = formatPercent(total_bytes === 0 ? 0 : free_bytes / total_bytes, locale);
    return words.space(formatBytes(free_bytes, locale), formatBytes(total_bytes, locale), share);
  }
  if (server !== null && server.changes.length > 0) return server.changes.map(({ what, count, names }) => words.server(what, names.join(", "), count > names.length ? formatNumber(count - names.length, locale) : undefined)).join(" ");
  if (login !== null) return words.login(login.ip ?? undefined, login.user_agent ?? undefined);
  return kind === "backup_expired" && notice.count !== null ? expired(notice, notice.count, words) : undefined;
}

function expired({ size_bytes }: Notice, count: number, words: Words): string {
  return words.expired(formatCount(count, words.backups, words.locale), size_bytes === null ? undefined : formatBytes(size_bytes, words.locale));
}

/** Says how many are not shown. */
export function moreLine(count: number, words: Words): string {
  return words.more(formatNumber(count, words.locale));
}

/** What executors and storages say, in the reader's language where we know the sentence. */
function said<T extends string | undefined>(sentence: T, words: Words): T | string {
  return sentence !== undefined && words.locale.startsWith("fr") ? inFrench(sentence) ?? sentence : sentence;
}
