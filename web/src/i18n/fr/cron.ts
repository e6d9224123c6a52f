import type { Texts } from "../en.ts";

const minutes = (n: number): string => (n < 2 ? `${n} minute` : `${n} minutes`);
const past = (minute: number): string => (minute === 0 ? "à l’heure pile" : `${minutes(minute)} après l’heure`);
const first = (day: number): string => (day === 1 ? "1er" : String(day));

export const cron: Texts["cron"] = {
  legend: "Quand", how: "Fréquence", kinds: { minutes: "Toutes les quelques minutes", hours: "Toutes les quelques heures", days: "Tous les jours", workdays: "Du lundi au vendredi", weekdays: "Certains jours de la semaine", months: "Tous les mois", custom: "Expression cron" },
  interval: "Intervalle", minutes: (n) => (n === 1 ? "chaque minute" : `toutes les ${n} minutes`), hours: (n) => (n === 1 ? "chaque heure" : `toutes les ${n} heures`), minute: "Minutes après l’heure",
  time: "Heure", weekdays: "Jours de la semaine", day: "Jour du mois", last: "le dernier jour", dayNeeded: "Choisissez au moins un jour.", zone: "Fuseau horaire", expression: "Expression cron", expressionHint: "Minute, heure, jour du mois, mois, jour de la semaine",
  says: {
    minutes: (n) => (n === 1 ? "Chaque minute" : `Toutes les ${n} minutes`), hours: (n, minute) => `${n === 1 ? "Chaque heure" : `Toutes les ${n} heures`}, ${past(minute)}`,
    days: (at) => `Tous les jours à ${at}`, workdays: (at) => `Du lundi au vendredi à ${at}`, weekdays: (days, at) => `Chaque ${days} à ${at}`,
    month: (day, at) => `Le ${first(day)} de chaque mois à ${at}`, last: (at) => `Le dernier jour de chaque mois à ${at}`, custom: (expression) => `Aux moments que dit ${expression}`,
  },
  short: (day) => `Les mois sans ${first(day)} sont laissés de côté.`,
  next: "Prochaines exécutions", skipped: "Les horloges sautent cette heure : l’exécution a lieu au changement.", repeated: "Les horloges montrent cette heure deux fois : une seule exécution, à la première.", changes: "Aux changements d’heure",
};
