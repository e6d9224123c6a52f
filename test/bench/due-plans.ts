/** When something is due. */
export interface DuePlan { readonly cron: string; readonly timezone: string }

/** Where people are. */
const TIMEZONES = [
  "UTC", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Chicago", "America/Denver",
  "America/Halifax", "America/Lima", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
  "America/Toronto", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore",
  "Asia/Tehran", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney", "Europe/Berlin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon",
  "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Warsaw", "Pacific/Auckland",
];

/** So many distinct plans that all come up in one minute: each of some expressions, in the local time of each of many time zones. */
export function plansDueAt(minute: Date, count: number): DuePlan[] {
  const plans = TIMEZONES.flatMap((timezone) => expressionsFor(minute, timezone).map((cron) => ({ cron, timezone })));
  if (plans.length < count) throw new Error(`there are only ${plans.length} distinct plans for ${minute.toISOString()}`);
  const step = plans.length / count; // spread over all zones, hence over all expressions
  return Array.from({ length: count }, (_, index) => plans[Math.floor(index * step)] as DuePlan);
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function expressionsFor(at: Date, timeZone: string): string[] {
  const clock = new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", weekday: "short" });
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const [minute, hour, day, month] = [Number(part["minute"]), Number(part["hour"]), Number(part["day"]), Number(part["month"])];
  const weekday = DAYS.indexOf(part["weekday"] ?? "");
  return [
    `${minute} ${hour} * * *`, `${minute} * * * *`, `${minute} ${hour} * * ${weekday}`, `${minute} ${hour} ${day} * *`, `${minute} ${hour} ${day} ${month} *`,
    `${minute} ${hour},${(hour + 12) % 24} * * *`, `${minute} ${hour},${(hour + 6) % 24} * * *`, `${minute} ${hour},${(hour + 8) % 24},${(hour + 16) % 24} * * *`,
    `${minute} ${hour}-23 * * *`, `${minute} ${hour} * * ${weekday},${(weekday + 3) % 7}`, `${minute},${(minute + 15) % 60} ${hour} * * *`, `${minute},${(minute + 30) % 60} * * * *`, `${minute},${(minute + 30) % 60} ${hour} * * *`,
  ];
}
