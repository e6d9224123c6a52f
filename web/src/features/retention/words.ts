import type { RetentionPolicy } from "@safebase/contracts";
import type { Texts } from "../../i18n/en.ts";
import type { Format } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { presetOf } from "./policy.ts";

const TIERS = ["daily", "weekly", "monthly", "yearly"] as const;

/** What a policy keeps, as a sentence. */
export function retentionWords(policy: RetentionPolicy | null, inherits = false, { says }: Texts["retention"] = t().retention, format: Format = f()): string {
  const preset = presetOf(policy, inherits);
  if (preset === "inherit" || preset === "all" || policy === null) return says[preset === "inherit" ? "inherit" : "all"];
  const tiers = TIERS.flatMap((tier) => (policy[tier] === undefined ? [] : [says[tier](policy[tier])]));
  const rules = [
    ...(["keep_last", "keep_days"] as const).flatMap((rule) => (policy[rule] === undefined ? [] : [says[rule](policy[rule])])),
    ...(tiers.length === 0 ? [] : [says.tiers(format.list(tiers))]),
  ];
  return says.kept(format.list(rules));
}
