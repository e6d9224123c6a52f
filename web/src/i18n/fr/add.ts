import type { Texts } from "../en.ts";

export const add: Texts["add"] = {
  title: "Ajouter une base de données", how: "Mode de connexion", byUrl: "Chaîne de connexion", byFields: "Champs",
  url: "Chaîne de connexion", urlHint: "postgres://, mysql:// ou mariadb://, avec utilisateur, mot de passe, hôte et nom de la base. Elle est conservée scellée.",
  name: "Nom", nameHint: "Son nom dans SafeBase", type: "Moteur", host: "Hôte", port: "Numéro de port", username: "Utilisateur", password: "Mot de passe", db_name: "Nom de la base", ssl_mode: "Chiffrement TLS",
  test: "Essayer la connexion", testing: "Le serveur est interrogé…", save: "Ajouter la base",
  ok: (server) => `Connecté à ${server}`, size: "Taille", tables: "Nombre de tables", tls: "Connexion TLS", yes: "oui", no: "non", warnings: "Ce qui rendrait une sauvegarde incomplète", added: (name) => `${name} est ajoutée.`,
};
