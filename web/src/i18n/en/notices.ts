import { english } from "@safebase/words/english";
import { count } from "./count.ts";

export const notices = {
  what: english.what, objective: english.objective, login: english.login, space: english.space, server: english.server, skipped: english.skipped,
  bell: (n: number) => (n === 0 ? "Alerts" : `Alerts: ${count(n, "new one", "new ones")}`),
  title: "Alerts", none: "Nothing has happened yet.", all: "All alerts",
};
