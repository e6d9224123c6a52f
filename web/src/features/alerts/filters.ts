import type { NoticeKind, Severity } from "@safebase/contracts";
import { KINDS, OUTCOMES, SEVERITIES } from "./kinds.ts";
import type { NotificationStatus } from "./types.ts";

type Params = Readonly<Record<string, string | undefined>>;

const HOUR_MS = 3_600_000;
/** How far back one looks. */
export const PERIODS = { day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS } as const;
export type Period = keyof typeof PERIODS;

/** Which deliveries the address asks for; anything that was never ours to ask is left out. */
export function deliveriesAsked(params: Params): { status?: NotificationStatus; channel_id?: string; kind?: NoticeKind } {
  const status = OUTCOMES.find((each) => each === params["status"]);
  return { ...(status === undefined ? {} : { status }), ...idOf("channel_id", params), ...kindOf(params) };
}

/** Which notices; `now_ms` is cut to the hour, for the same question has the same answer for a while. */
export function noticesAsked(params: Params, now_ms: number): { severity?: Severity; kind?: NoticeKind; database_id?: string; since?: string } {
  const severity = SEVERITIES.find((each) => each === params["severity"]);
  const period = periodOf(params);
  const since = period === undefined ? {} : { since: new Date(Math.floor(now_ms / HOUR_MS) * HOUR_MS - PERIODS[period]).toISOString() };
  return { ...(severity === undefined ? {} : { severity }), ...kindOf(params), ...idOf("database_id", params), ...since };
}

export function periodOf(params: Params): Period | undefined {
  return (Object.keys(PERIODS) as Period[]).find((each) => each === params["period"]);
}

function kindOf(params: Params): { kind?: NoticeKind } {
  const kind = KINDS.find((each) => each === params["kind"]);
  return kind === undefined ? {} : { kind };
}

function idOf<N extends "channel_id" | "database_id">(name: N, params: Params): Partial<Record<N, string>> {
  const id = /^\d{1,9}$/.exec(params[name] ?? "")?.[0];
  return id === undefined ? {} : { [name]: id } as Partial<Record<N, string>>;
}
