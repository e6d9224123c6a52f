import type { Texts } from "../en.ts";

export const session: Texts["session"] = {
  loginTitle: "Connexion", email: "Adresse e-mail", password: "Mot de passe", login: "Se connecter",
  firstTitle: "Bienvenue dans SafeBase", firstLead: "Créez le premier compte. C’est celui de l’administrateur.",
  firstHint: "Au moins 8 caractères. Il ne pourra pas vous être renvoyé en cas de perte.", create: "Créer le compte",
  wrong: "L’adresse e-mail ou le mot de passe est faux.", loggedOut: "Vous êtes déconnecté.", expired: "Votre session a pris fin. Reconnectez-vous.",
};
