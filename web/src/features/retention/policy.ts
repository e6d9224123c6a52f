import type { RetentionPolicy } from "@safebase/contracts";

export const RULES = ["keep_last", "keep_days", "daily", "weekly", "monthly", "yearly"] as const satisfies readonly (keyof RetentionPolicy)[];
export type Rule = (typeof RULES)[number];

export const PRESETS = { all: {}, week: { keep_days: 7 }, month: { keep_days: 28 }, year: { keep_days: 365 }, classic: { daily: 7, weekly: 4, monthly: 12 } } as const satisfies Record<string, RetentionPolicy>;
export type Preset = keyof typeof PRESETS | "inherit" | "custom";

/** The one of the usual policies that this is; null is the database's where there is one to follow, else none. */
export function presetOf(policy: RetentionPolicy | null, inherits: boolean): Preset {
  if (policy === null) return inherits ? "inherit" : "all";
  const names = Object.keys(PRESETS) as (keyof typeof PRESETS)[];
  return names.find((name) => RULES.every((rule) => policy[rule] === (PRESETS[name] as RetentionPolicy)[rule])) ?? "custom";
}

/** A policy with one rule changed; what is no number is no rule. */
export function withRule(policy: RetentionPolicy | null, rule: Rule, typed: string): RetentionPolicy {
  const { [rule]: _, ...others } = policy ?? {};
  return typed.trim() === "" ? others : { ...others, [rule]: Number(typed) };
}
