import type { Texts } from "../en.ts";

export const add: Texts["add"] = {
  title: "Ajouter une base de données",
  url: "Chaîne de connexion", urlHint: "Collez-la telle quelle : elle remplit les champs. postgres://, mysql://, mariadb://, JDBC ou host=… dbname=… de libpq", noString: "Ce n’est pas une chaîne de connexion. Remplissez les champs, ou collez-en une qui commence par postgres://, mysql:// ou mariadb://.",
  leftOut: (names) => `Inutile ici et laissé de côté : ${names}.`,
  name: "Nom", nameHint: "Son nom dans SafeBase", type: "Moteur", host: "Hôte", port: "Numéro de port", username: "Utilisateur", password: "Mot de passe", db_name: "Nom de la base", ssl_mode: "Chiffrement TLS", ssl_ca: "Autorité de certification", ssl_ca_hint: "Celle qui a signé le certificat du serveur, en PEM. Vide : celles que reconnaît la machine de l’exécuteur.",
  ssl_hints: { disable: "Rien n’est chiffré en route.", prefer: "Chiffré si le serveur le peut.", require: "Chiffré, quel que soit le serveur.", "verify-ca": "Chiffré, le certificat est vérifié.", "verify-full": "Chiffré, le certificat et le nom d’hôte sont vérifiés." },
  test: "Essayer la connexion", testing: (where) => `Interrogation de ${where}`, liveHint: "Le serveur est interrogé dès que les champs sont remplis.", save: "Ajouter la base",
  ok: (server) => `Connecté à ${server}`, size: "Taille", tables: "Nombre de tables", tls: "Connexion TLS", yes: "oui", no: "non", warnings: "Ce qui rendrait une sauvegarde incomplète", added: (name) => `${name} est ajoutée.`,
  reader: {
    title: "Prendre un utilisateur qui ne peut que lire", why: "Une sauvegarde doit lire, pas écrire. Avec un utilisateur à part, qui obtiendrait ce mot de passe ne pourrait rien modifier. Restaurer par-dessus cette base demandera alors un autre utilisateur.",
    how: (db_name) => `À exécuter en tant qu’administrateur, connecté à ${db_name} :`, sql: "SQL de l’utilisateur", use: "Prendre cet utilisateur", useHint: "Inscrit le nom et le nouveau mot de passe. Exécutez d’abord le SQL.",
  },
};
