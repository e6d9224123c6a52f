import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const servers: Texts["servers"] = {
  title: "Serveurs", add: "Ajouter un serveur", addTitle: "Suivre un serveur", back: "Tous les serveurs", emptyTitle: "Aucun serveur n’est suivi", emptyText: "Indiquez un serveur une fois, et ses bases s’enregistrent d’elles-mêmes : celles qui y sont, et chacune qui arrive.",
  name: "Nom", nameHint: "Ses bases s’appellent <nom>/<base>", address: "Adresse", databases: "Bases", lastSync: "Dernière lecture", never: "pas encore", missing: (n) => (n < 2 ? `${n} disparue` : `${n} disparues`), count: (n) => count(n, "base", "bases"),
  problem: "Il n’a pas pu être interrogé", where: "Le serveur", url: "Chaîne de connexion", urlHint: "Collée, elle remplit les champs. Sans base : c’est le serveur qui est désigné.", keepPassword: "Vide : inchangé. À redonner si l’hôte, le port, l’utilisateur ou TLS changent.",
  which: "Quelles bases", include: "Prendre", includeHint: "Un motif par ligne : * vaut tout texte, ? un seul signe.", exclude: "Laisser", excludeHint: "Ce que désignent ces motifs n’est jamais pris.", look: "Montrer ses bases", looking: "Le serveur est interrogé…",
  taken: "Prise", left: "Laissée", none: "Le serveur n’a aucune base.", outcome: (taken, all) => `${taken} sur ${count(all, "base serait prise", "bases seraient prises")}`,
  because: { not_included: "aucun motif ne la prend", excluded: "un motif la laisse", system: "propre au serveur", safebase: "faite par SafeBase", left_out: "retirée à la main", registered: "déjà enregistrée", closed: "l’utilisateur ne peut pas s’y connecter" },
  future: "Ce que reçoivent les nouvelles bases", futureHint: "Les bases déjà enregistrées restent comme elles sont.", scheduled: "Les sauvegarder selon une planification", usualStorages: "Là où le dit l’installation", key: "Chiffrées avec", noKey: "non chiffrées",
  create: "Suivre ce serveur", save: "Enregistrer", created: (n) => `Le serveur est suivi\u00a0: ${count(n, "base", "bases")}.`, saved: "Le serveur est enregistré.", sync: "Relire", synced: (added) => count(added, "base est nouvelle.", "bases sont nouvelles."), syncedNone: "Rien de nouveau.",
  gone: "disparue depuis", list: "Ses bases", leftOut: "Retirées à la main", takeAgain: "Reprendre", takeAgainOf: (name) => `Reprendre\u00a0: ${name}`, closed: (names) => `L’utilisateur ne peut pas se connecter à ${names}.`,
  remove: "Ne plus suivre", removeTitle: (name) => `Ne plus suivre ${name}\u202f?`, removeText: "Les nouvelles bases ne seront plus enregistrées. Les sauvegardes restent dans tous les cas.", removeAll: "Retirer aussi ses bases", removed: "Le serveur n’est plus suivi.", readOnly: "Vous pouvez consulter ce serveur, pas le modifier.",
};
