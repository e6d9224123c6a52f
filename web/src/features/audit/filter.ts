import type { Texts } from "../../i18n/en.ts";

export type Subject = keyof Texts["audit"]["subjects"];
export const OUTCOMES = ["ok", "refused", "failed"] as const;
type Outcome = (typeof OUTCOMES)[number];

export interface AuditFilter { subject?: Subject; outcome?: Outcome; actor?: string; since?: string; until?: string }

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the address asks for, as the API is asked; days are those of the reader's clock. */
export function filterOf(params: Readonly<Record<string, string | undefined>>, subjects: readonly Subject[]): AuditFilter {
  const subject = subjects.find((each) => each === params["subject"]);
  const outcome = OUTCOMES.find((each) => each === params["outcome"]);
  const actor = params["actor"]?.trim().slice(0, 254);
  const since = startOf(params["since"], 0);
  const until = startOf(params["until"], 1);
  return {
    ...(subject === undefined ? {} : { subject }), ...(outcome === undefined ? {} : { outcome }), ...(actor === undefined || actor === "" ? {} : { actor }),
    ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }),
  };
}

/** When a day begins here, or so many days later. */
function startOf(day: string | undefined, later: number): string | undefined {
  if (day === undefined || !DAY.test(day)) return undefined;
  const at = new Date(`${day}T00:00:00`);
  if (Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

/** What an entry says besides, each as a word and what it is; nothing that says nothing. */
export function detailsOf(detail: Readonly<Record<string, unknown>> | null): readonly { name: string; text: string }[] {
  return Object.entries(detail ?? {}).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === "" ? [] : [{ name: name.replaceAll("_", " "), text }];
  });
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "" || value === 0) return "";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  if (typeof value === "object") return Object.entries(value).map(([name, each]) => `${name.replaceAll("_", " ")} ${textOf(each)}`).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
