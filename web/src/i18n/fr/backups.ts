import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const backups: Texts["backups"] = {
  title: "Sauvegardes", filters: "Filtres", status: "État", type: "Moteur", database: "Base", trigger: "Origine", all: "Tout", size: "Taille", made: "Date", took: "Durée",
  emptyTitle: "Aucune sauvegarde pour l’instant", emptyText: "Les sauvegardes apparaissent ici dès qu’une commence.", noMatch: "Aucune sauvegarde ne correspond aux filtres.", clear: "Effacer les filtres",
  pages: "Pagination", previous: "Précédent", next: "Suivant", page: (page, pages) => `Page ${page} sur ${pages}`, total: (n) => count(n, "sauvegarde", "sauvegardes"),
  one: (id) => `Sauvegarde ${id}`, back: "Toutes les sauvegardes", download: "Télécharger", facts: "Détails", file: "Fichier", raw: "Avant compression", format: "Format du dump", server: "Serveur", tool: "Faite avec", checksum: "Empreinte SHA-256",
  verified: "Prouvée par une restauration d’essai", notVerified: "pas encore", encrypted: "Chiffrée", yes: "oui", no: "non", started: "Début", finished: "Fin",
  copies: "Copies stockées", storage: "Stockage", contents: "Contenu", table: "Nom de la table", rows: "Lignes", about: (n) => `environ ${n}`, warnings: "Avertissements", noContents: "Son contenu sera connu quand elle sera terminée.",
  copyStates: { pending: "En cours de stockage", good: "Intacte", missing: "Manquante", damaged: "Endommagée" },
};
