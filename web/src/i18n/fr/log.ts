import type { Texts } from "../en.ts";

export const log: Texts["log"] = {
  title: "Ce qui s’est passé", empty: "Rien n’a été noté : elle est plus ancienne que ce journal.",
  kinds: { backup: "Sauvegarde", restore: "Restauration", verify: "Essai", check: "Contrôle", copy: "Copie", delete: "Suppression" },
  ordered: "Demandé", orderedBy: (who) => `Demandé par ${who}`, notBefore: (at) => `pas avant ${at}`,
  started: (executor) => `Pris par l’exécuteur ${executor}`, startedAgain: (executor, run) => `Repris par l’exécuteur ${executor} : essai ${run}`,
  handedBack: (executor) => `Rendu par l’exécuteur ${executor}, à qui l’on a demandé de s’arrêter`,
  copy: (storage, state) => `${storage} : ${state}`, packed: (raw, stored) => `${raw} → ${stored}`,
  warning: "Avertissement", gave_up: "Abandonné après trop d’essais", completed: "Terminé", failed: "Échec", canceled: "Annulé",
  adopted: (storage) => `Trouvée dans ${storage} et reprise`, pinned: (who) => `Épinglée par ${who}`, unpinned: (who) => `Désépinglée par ${who}`, cancel_requested: (who) => `Annulation par ${who}`,
  downloaded: (who, form) => `Téléchargée par ${who} (${form})`, linkMade: (who, form) => `Lien de téléchargement créé par ${who} (${form})`,
  linkUsed: (ip, form) => `Téléchargée par un lien depuis ${ip} (${form})`, linkRefused: (ip) => `Un lien utilisé ou périmé a été essayé depuis ${ip}`,
};
