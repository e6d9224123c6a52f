const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"];
const TIME_UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]] as const;

/** "1.5 MB", « 1,5 Mo ». */
export function formatBytes(bytes: number, locale: string): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return number(locale, {
    style: "unit", unit: BYTE_UNITS[power], unitDisplay: power === 0 ? "long" : "short", maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power);
}

/** The two greatest units: "1 day, 2 hours", « 1 jour et 2 heures »; below a minute with a tenth: "1.2 seconds". */
export function formatDuration(ms: number, locale: string): string {
  const unit = (value: number, name: string): string =>
    number(locale, { style: "unit", unit: name, unitDisplay: "long", maximumFractionDigits: ms < 60_000 ? 1 : 0 }).format(value);
  if (ms < 59_950) return unit(ms / 1000, "second");
  let rest_s = Math.round(ms / 1000);
  const parts = TIME_UNITS.map(([name, seconds]) => {
    const value = Math.floor(rest_s / seconds);
    rest_s -= value * seconds;
    return { name, value };
  });
  const first = parts.findIndex(({ value }) => value > 0);
  const shown = parts.slice(first, first + 2).filter(({ value }) => value > 0);
  return kept(`list ${locale}`, () => new Intl.ListFormat(locale, { type: "unit", style: "long" })).format(shown.map(({ name, value }) => unit(value, name)));
}

/** "2 January 2026 at 03:04:05 UTC". */
export function formatTime(at: string, locale: string): string {
  return kept(`time ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "long", timeZone: "UTC" })).format(new Date(at));
}

/** "48 backups failed". */
export function formatCount(count: number, [one, many]: readonly [string, string], locale: string): string {
  const plural = kept(`plural ${locale}`, () => new Intl.PluralRules(locale)).select(count);
  return `${formatNumber(count, locale)} ${plural === "one" ? one : many}`;
}

export function formatNumber(value: number, locale: string): string {
  return number(locale, {}).format(value);
}

export function formatPercent(share: number, locale: string): string {
  return number(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

function number(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return kept(`number ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
}

const formats = new Map<string, unknown>();

/** Making a format takes a thousand times as long as using it. There are a few dozen. */
function kept<T>(key: string, make: () => T): T {
  if (!formats.has(key)) formats.set(key, make());
  return formats.get(key) as T;
}
