import { count } from "./count.ts";
import type { Texts } from "../en.ts";

export const users: Texts["users"] = {
  title: "Utilisateurs", invite: "Inviter", inviteTitle: "Inviter quelqu’un", email: "Adresse e-mail", role: "Rôle", state: "État", databases: "Bases de données", lastLogin: "Dernière connexion", never: "Jamais", you: "vous", actions: "Actions", actionsOf: (email) => `Actions : ${email}`,
  states: { active: "Actif", invited: "Invité", disabled: "Désactivé", reset: "Nouveau mot de passe" },
  total: (n) => count(n, "compte", "comptes"),
  inviteHint: "SafeBase n’envoie pas de message : vous transmettez vous-même le premier mot de passe.", make: "Créer le compte",
  given: (email) => `Premier mot de passe de ${email}`, givenAgain: (email) => `Nouveau mot de passe de ${email}`, givenHint: "Il n’est montré que maintenant. Transmettez-le par une voie sûre. Il est valable sept jours et doit être changé à la première connexion.", done: "Terminé",
  changeRole: "Changer le rôle…", roleTitle: (email) => `Rôle de ${email}`, roleChanged: (email, role) => `${email} a maintenant le rôle ${role}.`,
  resetPassword: "Réinitialiser le mot de passe…", resetText: (email) => `${email} est déconnecté partout et entre avec un nouveau mot de passe que vous transmettez. Les jetons d’API restent valables.`, reset: "Réinitialiser le mot de passe",
  disable: "Désactiver…", disableText: (email) => `${email} est déconnecté aussitôt, et ni le mot de passe ni un jeton d’API ne donnent accès. Les planifications continuent. Le compte peut être réactivé.`, disableAction: "Désactiver le compte", disabled: (email) => `${email} est désactivé.`,
  enable: "Réactiver", enabled: (email) => `${email} est réactivé.`,
  remove: "Supprimer…", removeText: (email) => `Le compte de ${email}, ses canaux et ses jetons d’API sont supprimés. Ce qu’il a fait reste dans le journal d’audit.`, removeOwned: "Il ne doit plus rien posséder : supprimez d’abord ses bases, sauvegardes, planifications et stockages, ou désactivez plutôt le compte.", removeAction: "Supprimer le compte", removed: (email) => `${email} est supprimé.`,
  onlyAdmins: "Cette page est réservée aux administrateurs", onlyAdminsText: "Adressez-vous à un administrateur de cette installation.",
  may: {
    admin: "Tout : aussi les utilisateurs, les réglages et ce qui appartient aux autres.",
    operator: "Tout avec ce qui lui appartient. Voit ce qui appartient aux autres, le sauvegarde, le contrôle, le vérifie et le restaure sur place.",
    user: "Tout avec ce qui lui appartient, et ne voit rien des autres.",
    viewer: "Voit tout ce qui existe et ne change rien.",
  },
};

export const profile: Texts["profile"] = {
  title: "Profil", you: "Votre compte", role: "Rôle", may: "Ce que vous pouvez faire", since: "Compte créé",
  changeEmail: "Changer l’adresse e-mail", newEmail: "Nouvelle adresse e-mail", emailChanged: "Votre adresse e-mail est changée.", currentPassword: "Mot de passe actuel",
  changePassword: "Changer le mot de passe", newPassword: "Nouveau mot de passe", again: "Nouveau mot de passe, encore une fois", differs: "Ces deux mots de passe diffèrent.", passwordChanged: "Votre mot de passe est changé. Toutes les autres sessions sont terminées.", passwordHint: "Au moins 8 caractères. Toutes vos autres sessions et vos liens de téléchargement prennent fin.",
  sessions: "Sessions", sessionsText: "Met fin à toutes vos sessions, y compris celle-ci, et révoque vos liens de téléchargement. Les jetons d’API restent valables.", logoutEverywhere: "Se déconnecter partout", loggedOutEverywhere: "Vous êtes déconnecté partout.",
  look: "Langue et apparence", firstTitle: "Choisissez votre mot de passe", firstLead: "Un administrateur vous a donné le mot de passe avec lequel vous êtes entré. Choisissez-en un que vous seul connaissez.", choose: "Continuer",
};

export const tokens: Texts["tokens"] = {
  title: "Jetons d’API", lead: "Pour les scripts et la ligne de commande : envoyés comme Authorization: Bearer, avec vos droits ou moins.", new: "Nouveau jeton", newTitle: "Nouveau jeton d’API", name: "Nom", nameHint: "À quoi il sert, par exemple « export de nuit »", expires: "Expire", rights: "Droits",
  lives: { "30": "Dans 30 jours", "90": "Dans 90 jours", "365": "Dans un an", never: "Jamais" },
  allowed: { read: "Lecture seule", operate: "Lecture et exploitation", manage: "Lecture, exploitation et gestion", administer: "Tout ce que je peux" },
  rightsHint: { read: "Voit, et ne change rien.", operate: "Lance, annule, contrôle et restaure aussi.", manage: "Modifie aussi bases, planifications et stockages, et télécharge les sauvegardes.", administer: "Tout ce que permet votre rôle, maintenant et plus tard." },
  make: "Créer le jeton", made: "Votre nouveau jeton", madeHint: "Il n’est montré que maintenant. Gardez-le là où votre script garde ses secrets.", curl: "Essayez-le", done: "Terminé",
  created: "Créé", lastUsed: "Dernier usage", owner: "Propriétaire", unused: "Jamais", expired: "Expiré", noEnd: "Jamais", from: (ip) => `depuis ${ip}`,
  revoke: "Révoquer", revokeTitle: (name) => `Révoquer « ${name} »`, revokeText: "Ce qui l’utilise ne reçoit plus de réponse, dès la prochaine requête.", revoked: (name) => `« ${name} » est révoqué.`,
  emptyTitle: "Aucun jeton d’API", emptyText: "Un script qui sauvegarde ou surveille en a besoin.",
};
