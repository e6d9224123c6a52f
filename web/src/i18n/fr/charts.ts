import type { Texts } from "../en.ts";

export const charts: Texts["charts"] = {
  none: (label) => `${label} : rien à montrer pour l’instant.`,
  trend: (label, first, last, highest) => `${label} : de ${first} à ${last} ; maximum ${highest}.`,
};
