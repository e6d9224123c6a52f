import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const databases: Texts["databases"] = {
  title: "Bases de données", search: "Chercher une base", add: "Ajouter une base", emptyTitle: "Aucune base pour l’instant", emptyText: "Ajoutez-en une avec sa chaîne de connexion. SafeBase l’essaie avant de l’enregistrer.",
  noMatch: "Aucune base ne correspond à la recherche.", name: "Nom", address: "Adresse", state: "État", newest: "Dernière sauvegarde", none: "jamais", actions: "Commandes",
  backUp: "Sauvegarder", backUpOf: (name) => `Sauvegarder : ${name}`, ordered: (name) => `La sauvegarde de ${name} a commencé.`, done: (name) => `La sauvegarde de ${name} est terminée.`, failed: (name) => `La sauvegarde de ${name} a échoué.`,
  history: (name) => `Sauvegardes de ${name}`, found: (n) => count(n, "base", "bases"),
  states: { none: "Non planifiée", met: "À jour", at_risk: "Presque trop ancienne", missed: "Trop ancienne", running: "Sauvegarde en cours", never: "Sans sauvegarde" },
};
