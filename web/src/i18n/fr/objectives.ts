import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const objectives: Texts["objectives"] = {
  title: "Objectifs", lead: "Jusqu’à quel âge la dernière sauvegarde de chaque base, et la dernière vérifiée, peuvent vieillir. Les alertes partent dès qu’un objectif est manqué.", back: "Planifications",
  state: "État", all: "Tous", states: { met: "Tenu", at_risk: "Menacé", missed: "Manqué", none: "Aucun" }, database: "Base", what: "Quelle sauvegarde", age: "Son âge", limit: "Limite", actions: "Commandes",
  kinds: { backup: "Dernière sauvegarde", verification: "Dernière sauvegarde vérifiée" }, never: "aucune", ofLimit: (age) => age, noLimit: "aucune limite", automatic: "selon sa planification", own: "fixée ici", off: "désactivé",
  total: (n) => count(n, "objectif", "objectifs"), emptyTitle: "Aucun objectif pour l’instant", emptyText: "Chaque base en a deux dès son ajout.", noMatch: "Aucun objectif n’est dans cet état.", clear: "Tout montrer",
  edit: "Modifier", editOf: (kind, database) => `Modifier\u00a0: ${kind} de ${database}`, dialog: (database) => `Jusqu’à quel âge\u00a0: ${database}`, enabled: "Il est surveillé", how: "Limite",
  byschedule: "Selon sa planification", ownLimit: "Limite propre", byscheduleHint: "Deux fois la plus longue pause entre deux exécutions de sa planification.", byscheduleNow: (time) => `C’est en ce moment ${time}.`, bynone: "Aucune de ses planifications ne compte pour cela : rien n’en est attendu.", amount: "Au plus", wrong: "Un nombre entier, d’une minute à dix ans.", saved: "L’objectif est enregistré.",
};
