import type { Texts } from "../en.ts";

export const dashboard: Texts["dashboard"] = {
  title: "Tableau de bord", safety: "Sommes-nous à l’abri ?",
  nothing: "Rien n’est encore sauvegardé.", nothingHint: "Ajoutez la première base, et sauvegardez-la en une minute.",
  safe: (n) => (n === 1 ? "Votre base a une sauvegarde aussi récente qu’il le faut." : `Les ${n} bases ont toutes une sauvegarde aussi récente qu’il le faut.`),
  risk: (names, n) => `${names} : ${n === 1 ? "la dernière sauvegarde est" : "les dernières sauvegardes sont"} presque trop ${n === 1 ? "ancienne" : "anciennes"}.`,
  missed: (names) => `${names} : aucune sauvegarde assez récente.`,
  unplanned: (names, n) => `${names} : aucune planification, ${n === 1 ? "ses" : "leurs"} sauvegardes vieillissent sans bruit.`,
  never: (names) => `${names} : aucune sauvegarde.`,
  verdicts: { nothing: "À configurer", safe: "À l’abri", risk: "À surveiller", missed: "En danger" },
  see: "Voir les bases", add: "Ajouter une base",
  databases: "Bases de données", backups: "Sauvegardes réussies", rate: "Réussite, 30 jours", stored: "Espace utilisé",
  ofAll: (n) => `sur ${n} en tout`, failedHint: (n) => `${n} en échec`, noneYet: "aucune encore",
  running: "En cours", idle: "Rien n’est en cours.", last: "Dernières sauvegardes", lastNone: "Aucune sauvegarde n’a encore été faite.", next: "Prochaines exécutions", nextNone: "Aucune planification.", all: "Toutes les sauvegardes",
};
