import type { DatabaseState } from "../catalog/standings.ts";
import type { Attention } from "./attention.ts";

export const VERDICTS = ["nothing", "safe", "risk", "missed"] as const;

/** Are we safe? The worst that can be said, and of how many databases what is true. */
export function verdictOf(states: Readonly<Record<DatabaseState, number>>, items: readonly Pick<Attention, "severity">[]) {
  const databases = Object.values(states).reduce((sum, count) => sum + count, 0);
  const critical = items.filter(({ severity }) => severity === "critical").length;
  return { state: stateOf(states, databases, critical), databases, ...states, critical };
}

function stateOf(states: Readonly<Record<DatabaseState, number>>, databases: number, critical: number): (typeof VERDICTS)[number] {
  if (databases === 0) return "nothing";
  if (states.missed + states.never > 0) return "missed";
  return states.at_risk + states.unplanned + critical > 0 ? "risk" : "safe";
}
