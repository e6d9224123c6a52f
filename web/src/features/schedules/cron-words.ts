import type { Texts } from "../../i18n/en.ts";
import type { Format } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { sameDays, whenOf, WORKDAYS } from "./cron.ts";
import { WEEK } from "./days.ts";

/** An expression in the reader's words: "Every day at 03:00". One that cannot be chosen in words stands as it is. */
export function cronWords(cron: string, { says }: Texts["cron"] = t().cron, format: Format = f()): string {
  const when = whenOf(cron);
  switch (when.kind) {
    case "minutes": return says.minutes(when.every);
    case "hours": return says.hours(when.every, when.minute);
    case "days": return says.days(format.list(when.times));
    case "weekdays": {
      const at = format.list(when.times);
      return sameDays(when.days, WORKDAYS) ? says.workdays(at) : says.weekdays(format.list(WEEK.filter((day) => when.days.includes(day)).map((day) => format.weekday(day, "long"))), at);
    }
    case "months": return when.day === "last" ? says.last(format.list(when.times)) : says.month(when.day, format.list(when.times));
    case "custom": return says.custom(when.cron);
  }
}
