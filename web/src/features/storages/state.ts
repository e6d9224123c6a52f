import type { Storage } from "../../api/types.ts";
import type { Tone } from "../../ui/badge.tsx";

export type Stand = "unknown" | "up" | "full" | "down";
export const TONES: Record<Stand, Tone> = { unknown: "none", up: "good", full: "warn", down: "bad" };

type Look = Storage["status"][number];

/** How one group of executors last saw a storage. */
export function standOf(look: Pick<Look, "reachable" | "nearly_full">): Stand {
  return !look.reachable ? "down" : look.nearly_full ? "full" : "up";
}

/** The worst of what all groups saw, and of which look it is. */
export function worstOf(status: readonly Look[]): { stand: Stand; look: Look | undefined } {
  const order: readonly Stand[] = ["down", "full", "up"];
  const [worst] = status.toSorted((a, b) => order.indexOf(standOf(a)) - order.indexOf(standOf(b)));
  return { stand: worst === undefined ? "unknown" : standOf(worst), look: worst };
}
