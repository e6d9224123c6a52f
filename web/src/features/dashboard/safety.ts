import type { Objective } from "../../api/types.ts";

type Judged = Pick<Objective, "kind" | "state" | "newest_at" | "database_name">;

/** The worst that can be said of all databases, and of which it is true. */
export interface Safety {
  readonly verdict: "nothing" | "safe" | "risk" | "missed";
  readonly missed: readonly string[];
  readonly never: readonly string[];
  readonly risk: readonly string[];
  readonly unplanned: readonly string[];
  readonly databases: number;
}

/** Are we safe? Judged by how old each database's newest backup may be: one that nothing says that of is a risk. */
export function judge(objectives: readonly Judged[]): Safety {
  const all = objectives.filter(({ kind }) => kind === "backup");
  const names = (fits: (one: Judged) => boolean): string[] => all.filter(fits).map((one) => one.database_name);
  const missed = names(({ state, newest_at }) => state === "missed" && newest_at !== null);
  const never = names(({ newest_at }) => newest_at === null);
  const risk = names(({ state, newest_at }) => state === "at_risk" && newest_at !== null);
  const unplanned = names(({ state, newest_at }) => state === "none" && newest_at !== null);
  const verdict = all.length === 0 ? "nothing" : missed.length + never.length > 0 ? "missed" : risk.length + unplanned.length > 0 ? "risk" : "safe";
  return { verdict, missed, never, risk, unplanned, databases: all.length };
}
