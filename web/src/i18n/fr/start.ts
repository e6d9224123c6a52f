import type { Texts } from "../en.ts";

export const start: Texts["start"] = {
  title: "Premiers pas", progress: "Étapes", done: "faite", next: "Continuer", skip: "Plus tard", look: "Regarder d’abord", note: "Vous pouvez partir à tout moment et revenir : ce qui est fait est conservé.",
  steps: {
    database: { name: "Base", title: "Que faut-il sauvegarder ?", lead: "Collez une chaîne de connexion, ou remplissez les champs. SafeBase interroge aussitôt le serveur.", action: "Ajouter et continuer", another: "Ajouter une autre base" },
    storage: {
      name: "Stockage", title: "Où stocker ?", lead: "À un endroit, ou à plusieurs : chaque sauvegarde est écrite partout à la fois.", here: "Cette machine", hereHint: "Le dossier de données de SafeBase",
      advice: "Si cette machine est perdue, les sauvegardes le sont aussi. Un bucket ou un NAS ailleurs y survit.", add: "Ajouter S3, R2, MinIO, SFTP ou un dossier",
    },
    schedule: { name: "Planification", title: "Quand sauvegarder ?", lead: "La nuit, en général, et les anciennes sauvegardes s’espacent : une semaine jour par jour, un mois semaine par semaine, une année mois par mois.", another: "Ajouter un autre horaire", nextRun: "prochaine" },
    alerts: {
      name: "Alertes", title: "Qui prévenir ?", lead: "Une sauvegarde qui échoue sans qu’on le sache n’en est pas une. Qui doit l’apprendre ?", how: "Comment", another: "Ajouter un autre moyen",
      types: { email: { name: "E-mail", hint: "À une ou plusieurs adresses" }, slack: { name: "Message Slack", hint: "Et Mattermost ou Rocket.Chat" }, webhook: { name: "Appel HTTP", hint: "Un webhook vers un programme à vous" } },
      to: "Adresses e-mail", toHint: "Plusieurs, séparées par des virgules.", noServer: "Cette installation n’a pas de serveur d’envoi (SAFEBASE_SMTP_URL). Donnez-en un pour ce canal, ou choisissez un autre moyen.", smtp_url: "Serveur d’envoi", smtpHint: "Conservé scellé.",
      url: "Adresse", slackHint: "Celle d’un webhook entrant ; conservée scellée.", webhookHint: "Reçoit un POST en JSON ; conservée scellée.", secret: "Secret partagé", secretHint: "Signe chaque appel. Facultatif.",
      test: "Envoyer un essai", more: "Discord, Teams, Telegram, ntfy ou healthchecks…",
    },
    backup: { name: "Première sauvegarde", title: "La première sauvegarde", lead: (database, places) => `Sauvegarder ${database} maintenant, vers : ${places}.`, action: "Sauvegarder maintenant", retry: "Réessayer", running: (database) => `${database} est en cours de sauvegarde.`, details: "Ce qui s’est passé" },
  },
  end: {
    title: "Où vous en êtes", safe: (database) => `${database} est en sûreté : sa première sauvegarde est terminée.`, notYet: (database) => `${database} n’a pas encore de sauvegarde.`,
    backup: "Dernière sauvegarde", storages: "Se trouve dans", next: "Prochaine exécution", never: "jamais d’elle-même", told: "Les alertes vont à", nobody: "personne", left: "Laissé de côté jusqu’ici :", dashboard: "Vers le tableau de bord", restore: "Essayer une restauration", another: "Ajouter une autre base",
  },
};
