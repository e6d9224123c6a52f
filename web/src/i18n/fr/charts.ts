import type { Texts } from "../en.ts";

export const charts: Texts["charts"] = {
  none: (label) => `${label} : rien à montrer pour l’instant.`,
  trend: (label, first, last, highest) => `${label} : de ${first} à ${last} ; maximum ${highest}.`,
  outcomes: { none: "Aucune sauvegarde", good: "Toutes réussies", some: "Certaines en échec", failed: "Toutes en échec" },
  dayOf: (date, completed, failed) => `${date} : ${completed + failed === 0 ? "aucune sauvegarde" : [...(completed > 0 ? [`${completed} réussie${completed > 1 ? "s" : ""}`] : []), ...(failed > 0 ? [`${failed} en échec`] : [])].join(", ")}`,
  year: (completed, failed, days) => `${completed} réussies, ${failed} en échec${days > 0 ? `, sur ${days === 1 ? "1 jour" : `${days} jours`}` : ""}.`, keys: "Les flèches vont de jour en jour.",
};
