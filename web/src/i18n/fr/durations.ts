import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const durations: Texts["durations"] = {
  minute: (n) => count(n, "minute", "minutes"), hour: (n) => count(n, "heure", "heures"), day: (n) => count(n, "jour", "jours"), week: (n) => count(n, "semaine", "semaines"),
  units: { minute: "en minutes", hour: "heures", day: "jours", week: "semaines" }, unit: "Unité",
};
