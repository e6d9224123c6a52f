import { count } from "./count.ts";
import type { Texts } from "../en.ts";

export const executors: Texts["executors"] = {
  title: "Exécuteurs", lead: "Les exécuteurs font le travail : ils atteignent bases et stockages, et font sauvegardes et restaurations. Ceux d’un groupe servent les bases enregistrées pour lui.",
  group: "Groupe", own: "celui de SafeBase", forAll: "ouvert", forAdmins: "pour les administrateurs", alive: (n) => (n === 0 ? "aucun exécuteur" : count(n, "exécuteur", "exécuteurs")), databases: (n) => count(n, "base", "bases"),
  dead: (group) => `Aucun exécuteur du groupe ${group} n’est en marche : ses bases ne sont pas sauvegardées.`, none: "Aucun exécuteur de ce groupe n’est en marche", noneText: "Des bases peuvent y être enregistrées ; elles seront sauvegardées quand une machine l’aura rejoint.",
  host: "Machine", state: "État", states: { alive: "En marche", draining: "S’arrête", lost: "Perdu" }, draining: "Ne prend plus rien, et finit ce qu’il fait", clients: "Programmes", jobs: "Tâches", seen: "Dernier signe",
  since: (time) => `démarré ${time}`, of: (running, most) => (most === null ? String(running) : `${running} sur ${most}`),
  otherVersion: (own) => `SafeBase est en ${own}`, otherVersionHint: (host, version, own) => `${host} est en ${version}, la passerelle en ${own} : utilisez la même version`,
  programs: (n) => count(n, "programme", "programmes"), upTo: (major) => `PostgreSQL jusqu’à ${major}`, lacksPostgres: "Pas de pg_dump", lacksFamily: "Ni mysqldump, ni mariadb-dump",
  lacks: { postgresql: "Les bases PostgreSQL ne sont pas sauvegardées d’ici", family: "Les bases MySQL et MariaDB ne sont pas sauvegardées d’ici" },
  kinds: { backup: "Sauvegarde", restore: "Restauration", verify: "Restauration d’essai", check: "Contrôle", copy: "Copie", delete: "Suppression" },
  openLabel: (group) => `Tout le monde peut utiliser le groupe ${group}`, opened: "Tout le monde peut y enregistrer des bases.", closed: "Seuls les administrateurs peuvent y enregistrer des bases.", remove: "Supprimer", removeOf: (group) => `Supprimer le groupe ${group}`,
  removeText: "Aucune base n’y est. Ses jetons d’adhésion inutilisés prennent fin.", removed: (group) => `Le groupe ${group} est supprimé.`,
  join: "Ajouter un exécuteur", joinTitle: "Ajouter un exécuteur", joinText: "Une machine d’un autre réseau rejoint un groupe, appelle le NATS de SafeBase, et sert les bases de son groupe. Rien n’a besoin de l’atteindre de l’extérieur.",
  groupHint: "Lettres, chiffres, - et _. Un nouveau nom crée un groupe, d’abord pour les administrateurs.", life: "Le jeton vaut", lives: { 900: "un quart d’heure", 3600: "une heure", 86400: "une journée" }, make: "Créer le jeton",
  command: "Sur cette machine", commandHint: "Lancez ceci là-bas ; la commande demande le jeton.", token: "Jeton d’adhésion", tokenHint: "Montré seulement ici, et bon pour une seule machine.", waiting: "En attente de la machine…", hasKeys: (host) => `${host} a ses clés. En attente de son exécuteur…`, arrived: (host) => `${host} est là.`,
  done: "Terminé", tokens: "Jetons d’adhésion", tokensHint: "Pas encore utilisés", ends: "Fin", revoke: "Révoquer", revokeOf: (group) => `Révoquer le jeton d’adhésion de ${group}`, revokeText: "Plus personne ne rejoindra par lui.", revoked: "Le jeton d’adhésion est révoqué.",
  chosen: "Exécuteurs", chosenHint: "Qui s’y connecte : le groupe dans le réseau duquel elle est.", option: (group, own, alive) => `${group}${own ? " (celui de SafeBase)" : ""}${alive === 0 ? ", aucun exécuteur" : ""}`,
};
