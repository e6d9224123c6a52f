import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const dashboard: Texts["dashboard"] = {
  title: "Tableau de bord", safety: "Sommes-nous à l’abri ?", see: "Voir les bases", add: "Ajouter une base", start: "Configurer pas à pas",
  verdicts: { nothing: "À configurer", safe: "À l’abri", risk: "À surveiller", missed: "En danger" },
  nothing: "Rien n’est encore sauvegardé.", nothingHint: "Ajoutez la première base, et sauvegardez-la en une minute.",
  safe: (n) => (n === 1 ? "Votre base a une sauvegarde aussi récente qu’il le faut." : `Les ${n} bases ont toutes une sauvegarde aussi récente qu’il le faut.`),
  missed: (n, of) => (of === 1 ? "Sa dernière sauvegarde est trop ancienne." : `${n} base${n > 1 ? "s" : ""} sur ${of} : la dernière sauvegarde est trop ancienne.`),
  never: (n, of) => (of === 1 ? "Votre base n’a encore aucune sauvegarde." : `${n} base${n > 1 ? "s" : ""} sur ${of} : encore aucune sauvegarde.`),
  at_risk: (n, of) => (of === 1 ? "Sa dernière sauvegarde est presque trop ancienne." : `${n} base${n > 1 ? "s" : ""} sur ${of} : la dernière sauvegarde est presque trop ancienne.`),
  unplanned: (n, of) => (of === 1 ? "Votre base n’a aucune planification : ses sauvegardes vieillissent sans bruit." : `${n} base${n > 1 ? "s" : ""} sur ${of} sans planification : ${n > 1 ? "leurs" : "ses"} sauvegardes vieillissent sans bruit.`),
  critical: (n) => `Toutes les sauvegardes sont assez récentes, mais ${n > 1 ? `${n} choses ne vont pas` : "une chose ne va pas"}.`,
  attention: "À traiter", calm: "Rien à traiter.", more: (n) => `Et ${n} autre${n > 1 ? "s" : ""} ensuite.`, since: "depuis", of: (email) => `de ${email}`,
  figures: "En chiffres", databases: "Bases de données", backups: "Sauvegardes réussies", rate: "Réussite, 30 jours", stored: "Espace utilisé", ofAll: (n) => `sur ${n} en tout`, failedHint: (n) => `${n} en échec`, noneYet: "aucune encore",
  protectedHint: (n) => `${n} en règle`, storedHint: (change) => `${change} en 90 jours`, storedOnce: "chaque sauvegarde comptée une fois",
  usage: "Espace utilisé, 90 jours", usageSoon: "À partir de demain, on verra ici comment il évolue.",
  year: "La dernière année", running: "En cours", idle: "Rien n’est en cours.", waits: (at) => `commence ${at}`, waiting: "Attend son tour", moreJobs: (n) => `Et ${count(n, "autre tâche en attente", "autres tâches en attente")}.`,
  kinds: { backup: "Sauvegarde", restore: "Restauration", verify: "Restauration d’essai", check: "Contrôle", copy: "Copie", delete: "Suppression", probe: "Essai" },
  next: "Prochaines exécutions", nextNone: "Aucune planification.", events: "Derniers événements", eventsNone: "Rien ne s’est encore passé.", all: "Toutes les sauvegardes",
};
