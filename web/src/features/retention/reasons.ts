import type { Texts } from "../../i18n/en.ts";
import type { Format } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";

type Words = Texts["retention"]["why"];
type Say = (words: Words, groups: readonly string[], period: (text?: string) => string) => string;

/** The API's reasons, each by its form; the groups are what it names. */
const FORMS: readonly (readonly [form: RegExp, say: Say])[] = [
  [/^pinned$/, (words) => words.pinned], [/^last completed backup$/, (words) => words.completed], [/^last verified backup$/, (words) => words.verified],
  [/^needed by .+$/, (words) => words.needed], [/^its time is yet to come$/, (words) => words.future], [/^no retention: everything is kept$/, (words) => words.everything],
  [/^the last one$/, (words) => words.last(1)], [/^one of the last (\d+)$/, (words, [n]) => words.last(Number(n))],
  [/^not the last one$/, (words) => words.notLast(1)], [/^not one of the last (\d+)$/, (words, [n]) => words.notLast(Number(n))],
  [/^younger than (\d+) days?$/, (words, [n]) => words.younger(Number(n))], [/^not younger than (\d+) days?$/, (words, [n]) => words.older(Number(n))],
  [/^newest of (\S+) \((\d+) of (\d+) \w+\)$/, (words, [name, place, of], period) => words.newest(period(name), Number(place), Number(of))],
  [/^not the newest of (\S+)$/, (words, [name], period) => words.notNewest(period(name))], [/^(\S+) is before the last .*$/, (words, [name], period) => words.before(period(name))],
];

/** Why a backup stays or goes, in the reader's words; a reason that is new to us as the API says it. */
export function reasonWords(reason: string, { why }: Texts["retention"] = t().retention, format: Format = f()): string {
  for (const [form, say] of FORMS) {
    const found = form.exec(reason);
    if (found !== null) return say(why, found.slice(1), (text = "") => periodWords(text, why, format));
  }
  return reason;
}

/** A day, ISO week, month or year, such as 2026-03-01, 2026-W09, 2026-03 and 2026. */
function periodWords(period: string, why: Words, format: Format): string {
  const week = /^(\d{4})-W(\d\d)$/.exec(period);
  if (week !== null) return why.week(String(Number(week[2])), week[1] ?? "");
  return period.includes("-") ? format.date(period) : period;
}
