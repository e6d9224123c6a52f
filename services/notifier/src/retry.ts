import type { DeliveryEvent } from "@safebase/contracts";
import { backoff_ms } from "@safebase/runtime";
import type { Told } from "./post.ts";

const FIRST_PAUSE_MS = 2_000;
/** Somebody has to change something first: asking every few seconds would only annoy the other side. */
const FIRST_PAUSE_PERMANENT_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

/** How long to wait after a refusal, the other side's wish included. */
export function pauseAfter(refusal: Pick<Extract<Told, { ok: false }>, "permanent" | "retry_after_ms">, attempt: number): number {
  const own_ms = backoff_ms(attempt, refusal.permanent ? FIRST_PAUSE_PERMANENT_MS : FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  return Math.max(own_ms, refusal.retry_after_ms ?? 0);
}

export interface Verdict {
  readonly outcome: DeliveryEvent["outcome"];
  /** Until the next try; 0 when there is none. */
  readonly pause_ms: number;
}

/**
 * What becomes of a notification after a try. The last try is made when its lifetime ends, so that each gets at least
 * one, however late it comes. What some have been told is not told again: it is given up for the others, and that shows.
 */
export function judge(told: { ok: true } | { ok: false; partial: boolean }, pause_ms: number, expires_in_ms: number): Verdict {
  if (told.ok) return { outcome: "delivered", pause_ms: 0 };
  if (told.partial || expires_in_ms <= 0) return { outcome: "dead", pause_ms: 0 };
  return { outcome: "retrying", pause_ms: Math.min(pause_ms, expires_in_ms) };
}
