import type { Texts } from "../en.ts";

export const keys: Texts["keys"] = {
  title: "Clés", new: "Ajouter une clé", newTitle: "Nouvelle clé", add: "Ajouter la clé", name: "Nom",
  lead: "Une sauvegarde chiffrée avec une clé s’ouvre avec l’identité de cette clé, et avec rien d’autre : sans elle, personne ne la restaure, ni vous ni nous.",
  emptyTitle: "Aucune clé pour l’instant", emptyText: "Les sauvegardes sont stockées telles quelles. Avec une clé, qui accède à un stockage ou à une machine de sauvegarde ne peut rien lire.",
  kept: "Conservée ici", away: "Conservée ailleurs", retired: "retirée", retiredHint: "Plus rien de nouveau n’est chiffré avec elle ; ce qu’elle a chiffré s’ouvre comme avant",
  keptText: "SafeBase a l’identité, scellée avec sa clé maîtresse : restaurer ne demande rien de plus.", awayText: "SafeBase n’a pas l’identité. Qui restaure la donne à ce moment-là.",
  notTaken: "SafeBase seul a cette clé. Si SafeBase et sa clé maîtresse sont perdus, toutes les sauvegardes qu’elle a chiffrées le sont aussi : prenez-la et gardez-la ailleurs.",
  usedBy: "Chiffre", unused: "rien", made: "Ajoutée", taken: "Prise", never: "jamais", recipient: "Destinataire (public)", identity: "Identité (secrète)",
  recipientHint: "D’age, X25519. Son identité reste chez vous.", identityHint: "La ligne qui commence par AGE-SECRET-KEY-1. Elle est conservée scellée.", afterwards: "Rien n’est chiffré avec elle tant qu’une base ou un stockage ne l’utilise pas.", wrongPassword: "Ce n’est pas votre mot de passe.",
  way: "D’où elle vient",
  ways: { generate: { name: "En créer une ici", hint: "Conservée ici, et par vous dès que vous l’aurez prise" }, recipient: { name: "Mon destinataire seulement", hint: "N’ouvre rien ici : vous donnez l’identité à chaque restauration" }, identity: { name: "Mon identité", hint: "Une clé que vous avez, à conserver ici aussi" } },
  take: { action: "Prendre", title: (name) => `Prendre la clé ${name}`, text: "Gardez-la là où vous la retrouveriez si cette machine n’existait plus : un gestionnaire de mots de passe, une feuille imprimée dans un coffre. Elle ouvre toutes les sauvegardes chiffrées avec elle.", password: "Votre mot de passe", later: "Plus tard", show: "L’afficher", given: "Voici l’identité. C’est un secret : qui l’a ouvre vos sauvegardes.", file: "Enregistrer dans un fichier", done: "Je l’ai mise en lieu sûr" },
  keepAway: { action: "Conserver ailleurs", title: (name) => `Ne plus conserver l’identité de ${name} ici ?`, text: "SafeBase oublie l’identité pour de bon. Vous la donnerez pour chaque restauration, restauration d’essai et téléchargement en SQL ; les restaurations d’essai planifiées ne sont plus possibles. Si vous la perdez, ces sauvegardes sont perdues." },
  keep: { action: "Conserver ici", title: (name) => `Conserver l’identité de ${name} ici`, text: "Elle est scellée avec la clé maîtresse. Restaurer ne demandera plus rien d’autre." },
  rename: { action: "Renommer", title: (name) => `Renommer ${name}` },
  replace: { action: "Remplacer", title: (name) => `Remplacer la clé ${name}`, text: "Une nouvelle clé est créée pour les prochaines sauvegardes, et celle-ci est retirée : elle continue d’ouvrir ce qu’elle a chiffré, ne la jetez donc pas.", users: "Passent à la nouvelle clé :", name: "Nom de la nouvelle clé", done: (old, name) => `${old} est remplacée par ${name}. Prenez la nouvelle clé et gardez-la ailleurs.` },
  retire: { action: "Retirer", title: (name) => `Retirer la clé ${name} ?`, text: "Aucune base ni aucun stockage ne pourra plus l’utiliser. Ce qu’elle a chiffré s’ouvre comme avant." }, bringBack: "Remettre en service",
  delete: { action: "Supprimer", title: (name) => `Supprimer la clé ${name} ?`, text: "Seule une clé dont aucune sauvegarde n’a besoin peut être supprimée." },
};
