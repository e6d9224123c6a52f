import { SafebaseError } from "@safebase/contracts";
import { Cron } from "croner";

/** Throws `bad_request`, naming the field, unless this is five fields of cron in a known time zone that come up some day. */
export function checkCron(cron: string, timezone: string, now: Date): void {
  try {
    Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch (cause) {
    throw new SafebaseError("bad_request", `timezone: unknown time zone: ${timezone}`, { hint: "use a name such as Europe/Paris or UTC", cause });
  }
  if (next(cron, timezone, now) === null) throw new SafebaseError("bad_request", `cron: this time never comes: ${cron}`);
}

function next(cron: string, timezone: string, now: Date): Date | null {
  const hint = "five fields: minute, hour, day of month, month, day of week; such as 0 3 * * *";
  if (!/^[\dA-Za-z*/,-]+( [\dA-Za-z*/,-]+){4}$/.test(cron)) throw new SafebaseError("bad_request", `cron: not a cron expression: ${cron}`, { hint });
  try {
    return new Cron(cron, { timezone, paused: true }).nextRun(now);
  } catch (cause) {
    throw new SafebaseError("bad_request", `cron: not a cron expression: ${cron}`, { hint, cause });
  }
}
