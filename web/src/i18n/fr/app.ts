import type { Texts } from "../en.ts";

export const app: Pick<Texts, "app" | "nav" | "languages" | "themes" | "roles" | "form"> = {
  app: { colon: " : ", skip: "Aller au contenu", menu: "Ouvrir le menu", navigation: "Principale", language: "Langue", theme: "Apparence", offline: "Connexion perdue. Nouvelle tentative…", account: "Compte", logout: "Se déconnecter", scope: "Ce qui est montré", scopes: { own: "Le mien", all: "À tous" }, close: "Fermer", loading: "Chargement…", retry: "Réessayer" },
  nav: {
    dashboard: "Tableau de bord",
    databases: "Bases de données",
    backups: "Sauvegardes",
    restores: "Restaurations",
    schedules: "Planifications",
    servers: "Serveurs",
    storages: "Stockages",
    executors: "Exécuteurs",
    alerts: "Alertes",
    keys: "Clés",
    users: "Utilisateurs",
    audit: "Journal d’audit",
    settings: "Réglages",
    profile: "Profil",
    tokens: "Jetons d’API",
  },
  languages: { en: "English", fr: "Français" },
  themes: { system: "Système", light: "Clair", dark: "Sombre" },
  roles: { admin: "Administrateur", operator: "Opérateur", user: "Utilisateur", viewer: "Observateur" },
  form: { needed: "Remplissez ce champ.", email: "Ce n’est pas une adresse e-mail.", short: "Au moins 8 caractères.", cancel: "Annuler", save: "Enregistrer", reveal: "Montrer", copy: "Copier", chooseFile: "Choisir un fichier…", copied: "Copié", copyByHand: "Le navigateur ne laisse pas cette page copier. Sélectionnez le texte et copiez-le.", typeName: (name) => `Saisissez ${name} pour continuer` },
};
