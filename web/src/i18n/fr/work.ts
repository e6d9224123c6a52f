import type { Texts } from "../en.ts";

export const work: Pick<Texts, "engines" | "status" | "triggers" | "triggerHints" | "phases" | "progress"> = {
  engines: { postgresql: "PostgreSQL", mysql: "MySQL", mariadb: "MariaDB" },
  status: { pending: "En attente", running: "En cours", completed: "Réussie", failed: "Échouée", canceled: "Annulée" },
  triggers: { manual: "Manuelle", scheduled: "Planifiée", catch_up: "Rattrapage", safety: "Sécurité" },
  triggerHints: { manual: "Demandée à la main", scheduled: "Par une planification", catch_up: "Une exécution manquée", safety: "Faite avant une restauration" },
  phases: { prepare: "Préparation", dump: "Export", check: "Relecture", load: "Chargement", swap: "Bascule", compare: "Comparaison", copy: "Copie" },
  progress: { of: (done, total) => `${done} sur environ ${total}`, left: (time) => `encore environ ${time}`, waiting: "En attente d’un exécuteur" },
};
