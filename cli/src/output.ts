import type { Texts } from "./texts/texts.ts";

/** Text that others wrote, without what would move the cursor or worse. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

/** Text that fits. */
export function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

/** Rows under their headings, as wide as they need to be. Numbers stand to the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string[] {
  const texts = [headings.map(plain), ...rows.map((row) => row.map((cell) => plain(cell === null ? "-" : String(cell))))];
  const widths = headings.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const right = headings.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  const pad = (text: string, column: number): string => (right[column] === true ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0));
  return texts.map((row) => row.map(pad).join("  ").trimEnd());
}

const STEP = 1000;

/** Bytes as people read them: 12.3 MB. */
export function bytes(count: number | null, t: Texts): string {
  if (count === null) return "-";
  const power = count < STEP ? 0 : Math.min(t.byteUnits.length - 1, Math.floor(Math.log10(count) / 3));
  return `${(count / STEP ** power).toLocaleString(t.locale, { maximumFractionDigits: power === 0 ? 0 : 1 })} ${t.byteUnits[power]}`;
}

/** A time in the reader's own time zone. */
export function time(iso: string | null, t: Texts): string {
  return iso === null ? "-" : new Date(iso).toLocaleString(t.dateLocale, { dateStyle: "short", timeStyle: "medium" });
}

/** A duration: 0.4 s, 3 min 20 s. */
export function duration(ms: number | null, t: Texts): string {
  if (ms === null) return "-";
  if (ms < 60_000) return `${(ms / 1000).toLocaleString(t.locale, { maximumFractionDigits: 1 })} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
