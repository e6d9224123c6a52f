import { count } from "./count.ts";
import type { Texts } from "../en.ts";

export const audit: Texts["audit"] = {
  title: "Journal d’audit", lead: "Qui a fait quoi, quand et d’où. Rien n’y est jamais modifié ni supprimé.", at: "Quand", actor: "Qui", action: "Quoi", object: "Sur", from: "Depuis", outcome: "Résultat", detail: "Détails",
  filters: "Filtres", subject: "Sujet", all: "Tous", search: "Qui (e-mail)", since: "Du", until: "Au", clear: "Effacer les filtres", csv: "Exporter en CSV",
  total: (n) => count(n, "entrée", "entrées"), noMatch: "Rien ne correspond à ces filtres", empty: "Il ne s’est encore rien passé",
  outcomes: { ok: "Fait", refused: "Refusé", failed: "Échoué" },
  subjects: {
    auth: "Comptes", user: "Utilisateurs", token: "Jetons d’API", database: "Bases de données", server: "Serveurs", backup: "Sauvegardes", restore: "Restaurations", verification: "Restaurations d’essai", check: "Contrôles", job: "Tâches", link: "Liens de téléchargement", schedule: "Planifications",
    schedules: "Toutes les planifications", storage: "Stockages", key: "Clés", channel: "Canaux", notification: "Notifications", objective: "Objectifs", settings: "Réglages", recovery: "Reprise après sinistre", master_key: "Clé maîtresse", executor: "Exécuteurs",
  },
  objects: { backup: "sauvegarde", channel: "canal", check: "contrôle", database: "base", encryption_key: "clé", job: "tâche", join_token: "jeton d’adhésion", notification: "notification", objective: "objectif", restore: "restauration", schedule: "planification", server: "serveur", storage: "stockage", token: "jeton d’API", user: "utilisateur", verification: "restauration d’essai" },
  actions: {
    "auth.register": "Compte créé", "auth.login": "Connexion", "auth.logout": "Déconnexion", "auth.password": "Mot de passe changé", "auth.email": "Adresse e-mail changée",
    "user.create": "Utilisateur invité", "user.role": "Rôle changé", "user.password": "Mot de passe réinitialisé", "user.disable": "Compte désactivé", "user.enable": "Compte réactivé", "user.delete": "Compte supprimé",
    "token.create": "Jeton d’API créé", "token.delete": "Jeton d’API révoqué",
    "database.create": "Base ajoutée", "database.update": "Base modifiée", "database.delete": "Base retirée", "database.test": "Connexion testée",
    "server.create": "Serveur ajouté", "server.update": "Serveur modifié", "server.delete": "Serveur retiré", "server.test": "Serveur testé", "server.sync": "Bases recherchées",
    "backup.create": "Sauvegarde demandée", "backup.delete": "Sauvegarde supprimée", "backup.expire": "Sauvegarde expirée", "backup.download": "Sauvegarde téléchargée", "backup.pin": "Sauvegarde épinglée", "backup.unpin": "Épingle retirée", "backup.copy": "Copie demandée", "backup.integrity": "Dommage constaté",
    "restore.create": "Restauration demandée", "restore.plan": "Restauration préparée", "verification.create": "Restauration d’essai demandée", "check.create": "Contrôle demandé", "job.cancel": "Tâche annulée", "link.create": "Lien de téléchargement créé", "link.use": "Lien de téléchargement utilisé",
    "schedule.create": "Planification créée", "schedule.update": "Planification modifiée", "schedule.delete": "Planification supprimée", "schedule.skip": "Exécution sautée", "schedules.pause": "Planifications suspendues", "schedules.resume": "Planifications reprises",
    "storage.create": "Stockage ajouté", "storage.update": "Stockage modifié", "storage.delete": "Stockage retiré", "storage.test": "Stockage testé", "storage.scan": "Stockage parcouru",
    "key.create": "Clé ajoutée", "key.update": "Clé modifiée", "key.delete": "Clé supprimée", "key.identity": "Identité remise", "key.keep": "Identité conservée", "key.keep_away": "Identité oubliée",
    "channel.create": "Canal ajouté", "channel.update": "Canal modifié", "channel.delete": "Canal retiré", "channel.test": "Canal testé", "notification.retry": "Notification réessayée", "objective.update": "Objectif modifié",
    "settings.default_storages": "Stockages par défaut changés", "settings.registration": "Inscription changée", "recovery.backup": "Catalogue sauvegardé", "recovery.kit": "Kit de reprise remis", "master_key.lost": "Clé maîtresse remplacée",
    "executor.put_group": "Groupe d’exécuteurs modifié", "executor.delete_group": "Groupe d’exécuteurs supprimé", "executor.create_join_token": "Jeton d’adhésion créé", "executor.delete_join_token": "Jeton d’adhésion révoqué", "executor.join": "Exécuteur ajouté",
  },
};
