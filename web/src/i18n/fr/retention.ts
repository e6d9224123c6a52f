import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const retention: Texts["retention"] = {
  legend: "Combien de temps les sauvegardes sont conservées", preset: "Rétention",
  presets: { inherit: "Comme le dit la base", all: "Tout conserver", week: "7 jours", month: "28 jours", year: "365 jours", classic: "7 jours, 4 semaines, 12 mois", custom: "Règles personnalisées" },
  customHint: "Une sauvegarde reste dès qu’une de ces règles la conserve. Ce qui est vide ne dit rien.",
  fields: { keep_last: "Les dernières", keep_days: "Jours", daily: "Par jour", weekly: "Par semaine", monthly: "Par mois", yearly: "Par an" },
  hints: { keep_last: "Nombre de sauvegardes", keep_days: "Plus récentes que", daily: "Une pour chaque jour", weekly: "Une pour chaque semaine", monthly: "Une pour chaque mois", yearly: "Une pour chaque année" },
  says: {
    inherit: "Les sauvegardes suivent la rétention de leur base.", all: "Tout est conservé.", kept: (rules) => `Sont conservées\u00a0: ${rules}. La dernière réussie, la dernière vérifiée et les épinglées restent toujours.`,
    keep_last: (n) => (n === 1 ? "la dernière sauvegarde" : `les ${n} dernières sauvegardes`), keep_days: (n) => `celles de moins de ${count(n, "jour", "jours")}`, tiers: (tiers) => `la dernière de chaque période, sur ${tiers}`,
    daily: (n) => count(n, "jour", "jours"), weekly: (n) => count(n, "semaine", "semaines"), monthly: (n) => `${n} mois`, yearly: (n) => count(n, "an", "ans"),
  },
  preview: "Ce que cela ferait maintenant", invalid: "Ces règles ne sont pas encore correctes.", waiting: "Lecture de l’historique…", none: "Il n’y a encore aucune sauvegarde réussie.", nothingGoes: (kept, bytes) => `Rien ne partirait. ${count(kept, "sauvegarde reste", "sauvegardes restent")} (${bytes}).`,
  outcome: (gone, freed, kept, bytes) => `${count(gone, "sauvegarde partirait", "sauvegardes partiraient")} (${freed}), ${count(kept, "reste", "restent")} (${bytes}).`,
  goes: "Part", stays: "Reste",
  why: {
    pinned: "épinglée", completed: "la dernière sauvegarde réussie", verified: "la dernière sauvegarde vérifiée", needed: "un travail en cours en a besoin", future: "son heure est encore à venir", everything: "tout est conservé",
    last: (n) => (n === 1 ? "la dernière" : `une des ${n} dernières`), notLast: (n) => (n === 1 ? "pas la dernière" : `pas une des ${n} dernières`), younger: (n) => `moins de ${count(n, "jour", "jours")}`, older: (n) => `plus de ${count(n, "jour", "jours")}`,
    newest: (period, place, of) => `la dernière de la période ${period} (${place} sur ${of})`, notNewest: (period) => `pas la dernière de la période ${period}`, before: (period) => `la période ${period} est trop ancienne`, week: (week, year) => `semaine ${week} de ${year}`,
  },
};
