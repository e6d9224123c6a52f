import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const databases: Texts["databases"] = {
  title: "Bases de données", search: "Chercher une base", add: "Ajouter une base", emptyTitle: "Aucune base pour l’instant", emptyText: "Ajoutez-en une avec sa chaîne de connexion. SafeBase l’essaie avant de l’enregistrer.",
  noMatch: "Aucune base ne correspond.", name: "Nom", state: "État", newest: "Dernière sauvegarde", none: "jamais", actions: "Commandes", results: "Derniers résultats", stored: "Stocké", next: "Prochaine", paused: "en pause",
  engine: "Moteur", everyEngine: "Tous les moteurs", order: "Trier par", every: "Toutes", sorts: { name: "Nom", state: "État, le pire d’abord", newest: "Dernière sauvegarde", size: "Taille stockée" },
  backUp: "Sauvegarder", backUpOf: (name) => `Sauvegarder : ${name}`, ordered: (name) => `La sauvegarde de ${name} a commencé.`, done: (name) => `La sauvegarde de ${name} est terminée.`, failed: (name) => `La sauvegarde de ${name} a échoué.`,
  history: (name) => `Sauvegardes de ${name}`, resultsOf: (name) => `Derniers résultats de ${name}, le plus récent à la fin`, found: (n) => count(n, "base", "bases"),
  states: { none: "Non planifiée", met: "À jour", at_risk: "Presque trop ancienne", missed: "Trop ancienne", running: "Sauvegarde en cours", never: "Sans sauvegarde" },
  filters: { none: "Non planifiées", met: "À jour", at_risk: "Presque trop anciennes", missed: "Trop anciennes", running: "En cours", never: "Sans sauvegarde", failed: "Dernière en échec" },
  due: { due: (time) => `attendue ${time}`, over: (time) => `était attendue ${time}` },
  verified: (at) => `Prouvée par une restauration d’essai, ${at}`, verifiedBefore: (at) => `Une sauvegarde plus ancienne, du ${at}, a été prouvée par une restauration d’essai`, owner: (email) => `À ${email}`, missing: "Disparue de son serveur", completed: (n) => count(n, "sauvegarde réussie", "sauvegardes réussies"), sizes: "Taille des dernières sauvegardes",
  one: (id) => `Base ${id}`, more: (name) => `Plus : ${name}`, restoreNewest: "Restaurer la dernière", allBackups: "Toutes les sauvegardes", addSchedule: "Ajouter une planification", edit: "Modifier", delete: "Supprimer",
  deleteTitle: (name) => `Supprimer ${name}`, deleteAction: "Supprimer la base", deleted: (name) => `${name} est supprimée.`, deleteServer: "SafeBase oublie comment l’atteindre. La base elle-même, sur son serveur, n’est pas touchée.",
  deleteSchedules: (n) => (n === 1 ? "Sa planification prend fin." : `Ses ${n} planifications prennent fin.`), deleteNone: "Elle n’a aucune sauvegarde réussie.",
  deleteBackups: (n, bytes) => `${n === 1 ? "Sa sauvegarde reste" : `Ses ${n} sauvegardes restent`} (${bytes}) : on peut encore les lister, les télécharger et les restaurer ailleurs. La rétention n’en retire plus aucune ; elles partent quand quelqu’un les supprime.`,
};
