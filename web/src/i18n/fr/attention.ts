import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const attention: Texts["attention"] = {
  what: {
    never_backed_up: () => "Encore aucune sauvegarde", objective_missed: () => "Dernière sauvegarde trop ancienne", objective_at_risk: () => "Dernière sauvegarde presque trop ancienne", unplanned: () => "Aucune planification", unproved: () => "Aucune restauration d’essai récente",
    backup_failed: () => "La dernière sauvegarde a échoué", backups_damaged: (n) => count(n, "sauvegarde endommagée ou disparue", "sauvegardes endommagées ou disparues"), copies_lost: (n) => count(n, "copie endommagée ou disparue", "copies endommagées ou disparues"),
    verification_failed: () => "La restauration d’essai a échoué", check_failed: () => "Un contrôle n’a pas pu se faire", restore_failed: () => "La restauration a échoué",
    executors_lost: () => "Aucun exécuteur en marche", executor_lost: () => "Un exécuteur a disparu", scheduler_lost: () => "Aucun planificateur en marche", notifier_lost: () => "Aucun notificateur en marche", schedules_paused: (n) => count(n, "planification suspendue", "planifications suspendues"),
    storage_unreachable: () => "Injoignable", storage_full: () => "Presque plein", catalog_backup_overdue: () => "SafeBase lui-même n’a pas de sauvegarde récente", alerts_undelivered: (n) => count(n, "alerte non remise", "alertes non remises"),
  },
  hints: {
    unplanned: "Ses sauvegardes vieillissent sans bruit.", executors_lost: "Sauvegardes et restaurations attendent qu’il en démarre un.", executor_lost: "Les autres de son groupe continuent.", scheduler_lost: "Plus rien n’est sauvegardé à l’heure prévue tant qu’il ne démarre pas.",
    notifier_lost: "Les alertes attendent qu’il démarre.", schedules_paused: "Rien n’est sauvegardé à l’heure prévue.", catalog_backup_overdue: "Sans copie, ses réglages et son historique sont perdus avec son disque.", copies_lost: "Chacune de ces sauvegardes est bonne ailleurs.",
  },
  subjects: { group: (name) => `Exécuteurs de ${name}`, scheduler: "Planificateur", notifier: "Notificateur", schedules: "Planifications", catalog: "Catalogue", storage: (name) => `Stockage ${name}`, channel: (name) => `Canal ${name}` },
  newest: (ago) => `Dernière sauvegarde ${ago}`, limit: (age) => `${age} au plus attendus`, used: (percent) => `occupé à ${percent}`,
  actions: { backup: "Voir la sauvegarde", restore: "Voir la restauration", database: "Voir la base", schedule: "Planifier", storage: "Voir le stockage", settings: "Réglages", deliveries: "Voir les alertes" },
  test: "Essayer", testOf: (name) => `Essayer le stockage ${name}`, tested: (name) => `Le stockage ${name} fonctionne.`, catalog: "Le sauvegarder", catalogDone: "SafeBase lui-même est sauvegardé.",
};
