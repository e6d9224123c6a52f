/** Words of ours that stand as values within sentences. */
export const words: Readonly<Record<string, string>> = {
  pending: "en attente", running: "en cours", completed: "terminée", failed: "échouée", canceled: "annulée", deleted: "supprimée",
  good: "bonne", missing: "manquante", damaged: "endommagée", dead: "abandonnée", delivered: "remise", retired: "retirée du service",
  backup: "sauvegarde", restore: "restauration", verification: "vérification", check: "contrôle", database: "base", server: "serveur", schedule: "planification", storage: "stockage",
  channel: "canal", notification: "notification", job: "tâche", key: "clé", user: "utilisateur", scan: "analyse", objective: "objectif", "API token": "jeton d’API", "join token": "jeton d’adhésion", "encryption key": "clé de chiffrement",
  executor: "exécuteur", notifier: "notificateur", least: "au moins", most: "au plus",
  text: "du texte", "a whole number": "un nombre entier", "a number": "un nombre", "true or false": "true ou false", "a JSON object": "un objet JSON", "a JSON array": "un tableau JSON", "the body": "le corps", "no content type": "aucun type de contenu",
};
