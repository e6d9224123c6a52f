import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const schedules: Texts["schedules"] = {
  title: "Planifications", add: "Ajouter une planification", addTitle: "Nouvelle planification", back: "Toutes les planifications", search: "Chercher une planification", state: "État", states: { all: "Toutes", on: "Actives", off: "En pause" },
  emptyTitle: "Aucune planification pour l’instant", emptyText: "Une planification sauvegarde une base d’elle-même, et retire ce qui est devenu trop ancien.", noDatabase: "Ajoutez d’abord une base : une planification est faite pour une base.", noMatch: "Aucune planification ne correspond.", clear: "Tout montrer",
  database: "Base", name: "Nom", nameHint: "Vide : comme sa base", when: "Quand", next: "Prochaine exécution", last: "Dernières exécutions", actions: "Commandes", total: (n) => count(n, "planification", "planifications"), owner: (email) => `de ${email}`,
  runs: (name) => `Dernières exécutions de ${name}`, none: "aucune encore", paused: "En pause", allPaused: "Toutes les planifications sont en pause", allPausedText: "Rien ne s’exécute de soi-même tant qu’elles ne sont pas reprises dans les réglages.",
  missed: "Manquée", missedAt: (time) => `Une exécution était prévue le ${time}, et aucune sauvegarde n’a été faite.`, late: (time) => `${time} de retard`, enabled: (name) => `${name} est active`, on: "Active", off: "En pause",
  runNow: "Exécuter", runNowOf: (name) => `Exécuter\u00a0: ${name}`, ordered: (name) => `La sauvegarde de ${name} a commencé.`, resumed: (name) => `${name} est de nouveau active.`, stopped: (name) => `${name} est en pause.`,
  open: "Modifier", openOf: (name) => `Modifier la planification ${name}`, history: "Ses sauvegardes", standing: "Où elle en est",
  times: "Quand", keep: "Combien de temps les sauvegardes sont conservées", prove: "Restaurations d’essai", options: "Réglages", save: "Enregistrer", create: "Créer la planification", saved: "La planification est enregistrée.", created: "La planification est créée.", readOnly: "Vous pouvez consulter cette planification, pas la modifier.",
  remove: "Supprimer", removeTitle: (name) => `Supprimer la planification ${name}\u202f?`, removeText: "Plus rien ne s’exécutera par elle. Les sauvegardes qu’elle a faites restent, et suivent la rétention de leur base.", removed: "La planification est supprimée.",
  verifyHint: "Une restauration d’essai charge une sauvegarde dans une base à part, compare ce qui s’y trouve, puis la supprime.", verifyEvery: "Restauration d’essai", never: "jamais", everyOne: "chaque sauvegarde", everyOf: (n) => `toutes les ${n} sauvegardes`,
  verifyOn: "Sur quel serveur", ownServer: "celui de la base", serverOf: (name) => `celui de ${name}`,
  format: "Format du dump", usual: "habituel pour le moteur", formats: { custom: "personnalisé (pg_dump -Fc)", sql: "SQL (texte)" }, compression: "Compression du dump", compressions: { zstd: "Zstandard (zstd)", gzip: "GNU zip (gzip)", zip: "archive zip", none: "aucune" }, usualCompression: "habituelle (zstd)",
  parts: "Parties exportées à la fois", auto: "autant que sa taille le demande", globals: "Avec les rôles et tablespaces du serveur", jitter: "Commencer plus tard, d’au plus", jitterHint: "Pour que tout ne commence pas en même temps.", noJitter: "pas du tout",
  storages: "Où vont les sauvegardes", asDatabase: (names) => `Comme le dit la base${names === "" ? "" : ` (${names})`}`, ownStorages: "Choisi ici", chosen: "Stockages",
};
