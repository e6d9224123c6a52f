import type { Severity } from "@safebase/contracts";

/** Seen at a glance, before a word is read. */
export const SYMBOLS: Record<Severity, string> = { info: "🟢", warning: "🟠", critical: "🔴" };
