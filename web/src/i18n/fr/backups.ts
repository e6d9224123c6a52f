import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const backups: Texts["backups"] = {
  title: "Sauvegardes", filters: "Filtres", more: "Plus de filtres", search: "Rechercher", searchHint: "Base ou fichier", status: "État", type: "Moteur", database: "Base", trigger: "Origine", storage: "Stockage", proof: "Restauration d’essai", pin: "Épinglée", all: "Tout",
  period: "Période", always: "Toutes les dates", ownPeriod: "Du… au…", since: "Du", until: "Au", periods: { today: "Aujourd’hui", week: "7 derniers jours", month: "30 derniers jours", year: "Cette année" },
  verifiedChoices: { true: "Prouvée", false: "Non prouvée" }, pinnedChoices: { true: "Épinglées", false: "Non épinglées" },
  size: "Taille", made: "Demandée", took: "Durée", select: (name) => `Sélectionner ${name}`, selectAll: "Tout sélectionner sur cette page",
  provedAt: (at) => `Prouvée par une restauration d’essai, ${at}`, pinned: "Épinglée : rien ne la supprime", encrypted: "Chiffrée",
  emptyTitle: "Aucune sauvegarde pour l’instant", emptyText: "Les sauvegardes apparaissent ici dès qu’une commence.", noMatch: "Aucune sauvegarde ne correspond aux filtres.", clear: "Effacer les filtres", beyond: "Il n’y a pas autant de pages.", first: "À la première page",
  pages: "Pagination", previous: "Précédent", next: "Suivant", pageNumber: "Page nᵒ", ofPages: (pages) => `sur ${pages}`, total: (n) => count(n, "sauvegarde", "sauvegardes"),
  copyStates: { pending: "En cours de stockage", good: "Intacte", missing: "Manquante", damaged: "Endommagée" },
  about: (n) => `environ ${n}`,
  one: (id) => `Sauvegarde ${id}`, started: "Début", finished: "Fin", warnings: "Avertissements",
  selection: "Sélection", selected: (n) => count(n, "sauvegarde sélectionnée", "sauvegardes sélectionnées"), unselect: "Désélectionner", done: "Fait", refused: "Refusé",
  bulkDone: (done, failed) => (failed === 0 ? `C’est fait : ${done}.` : `${done} faites, ${failed} refusées.`),
  bulk: {
    pin: { button: "Épingler", title: (n) => `Épingler ${count(n, "sauvegarde", "sauvegardes")} ?`, text: "Ni la rétention ni personne ne supprime une sauvegarde épinglée tant qu’elle l’est." },
    unpin: { button: "Désépingler", title: (n) => `Désépingler ${count(n, "sauvegarde", "sauvegardes")} ?`, text: "La rétention pourra de nouveau les supprimer le moment venu." },
    check: { button: "Contrôler", title: (n) => `Contrôler ${count(n, "sauvegarde", "sauvegardes")} ?`, text: "Chaque octet stocké est relu et comparé. Aucun serveur de bases n’est sollicité ; elles passent l’une après l’autre." },
    verify: { button: "Restauration d’essai", title: (n) => `Essayer la restauration de ${count(n, "sauvegarde", "sauvegardes")} ?`, text: "Chacune est chargée dans une base créée pour cela sur son propre serveur, comparée, puis cette base est supprimée. Une à la fois par serveur." },
    remove: { button: "Supprimer", title: (n) => `Supprimer ${count(n, "sauvegarde", "sauvegardes")} ?`, text: "Leurs fichiers sont supprimés de tous les stockages. C’est irréversible." },
  },
};
