import { french } from "@safebase/words/french";
import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const notices: Texts["notices"] = {
  what: french.what, objective: french.objective, login: french.login, space: french.space, server: french.server, skipped: french.skipped,
  bell: (n) => (n === 0 ? "Alertes" : `Alertes : ${count(n, "nouvelle", "nouvelles")}`),
  title: "Alertes", none: "Il ne s’est encore rien passé.", all: "Toutes les alertes",
};
