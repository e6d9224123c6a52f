const UNITS_S = { days: 86_400, hours: 3_600 } as const;
export type SpanUnit = keyof typeof UNITS_S;

/** A time span in the largest unit that says it, whole days or else hours; what is no whole number of hours is rounded up. */
export function spanOf(s: number): { value: number; unit: SpanUnit } {
  const unit = s % UNITS_S.days === 0 ? "days" : "hours";
  return { value: Math.ceil(s / UNITS_S[unit]), unit };
}

/** So many seconds, of what was typed; nothing of what is no whole number of at least one. */
export function secondsOf(typed: string, unit: SpanUnit): number | undefined {
  return /^[1-9]\d{0,4}$/.test(typed.trim()) ? Number(typed) * UNITS_S[unit] : undefined;
}
