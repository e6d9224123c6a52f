import { count } from "./count.ts";
import type { Texts } from "../en.ts";

export const settings: Texts["settings"] = {
  title: "Réglages", saved: "Enregistré.",
  schedules: "Planifications", pauseLabel: "Suspendre toutes les planifications", pauseHint: "Aucune planification ne s’exécute, et ce qui aurait dû l’être entre-temps n’est pas rattrapé.", paused: "Toutes les planifications sont suspendues.", resumed: "Les planifications s’exécutent de nouveau.",
  registration: "Inscription", open: "Chacun peut se créer un compte", openHint: "Avec le rôle Utilisateur. Fermée : seuls les administrateurs créent des comptes.", fixed: "SAFEBASE_REGISTRATION=closed : elle ne s’ouvre pas ici.",
  storages: "Stockages par défaut", storagesHint: "Où vont les sauvegardes des bases et planifications qui ne nomment aucun stockage. Seuls les stockages communs peuvent être choisis.", storagesNeeded: "Choisissez-en au moins un.",
  recovery: "Reprise après sinistre", recoveryText: "Chaque nuit, le catalogue est copié, chiffré, dans chaque stockage commun. Le kit de reprise contient ce qui ouvre ces copies, et la clé maîtresse : gardez-le loin de cette machine.",
  places: "Copies dans", lastBackup: "Dernière copie", noBackup: "Aucune pour l’instant", size: "Taille", recipient: "Chiffrée pour", backUp: "Copier maintenant", backedUp: "Le catalogue est copié.", failedAt: (storage) => `Non stocké dans ${storage}`,
  kit: "Kit de reprise…", kitTitle: "Télécharger le kit de reprise", kitText: "Qui a le kit et une copie du catalogue peut ouvrir tous les secrets. Saisissez encore une fois votre mot de passe.", password: "Mot de passe", download: "Télécharger", kitDone: "Le kit de reprise est téléchargé. Gardez-le en lieu sûr, loin de SafeBase.",
  executors: "Exécuteurs", host: "Machine", group: "Groupe", clients: "Programmes", jobs: "Tâches en cours", seen: "Dernier signe", version: "Version", noExecutors: "Aucun exécuteur en marche : aucune sauvegarde n’est possible", deadGroup: (group) => `Aucun exécuteur du groupe ${group} n’est en marche : ses bases ne sont pas sauvegardées.`,
  morePrograms: (n) => count(n, "programme", "programmes"), services: "Services", alive: (name, n) => `${name} : ${n === 0 ? "à l’arrêt" : `${n} en marche`}`,
  names: { gateway: "Passerelle", executor: "Exécuteur", scheduler: "Planificateur", notifier: "Notificateur" }, about: "À propos", docs: "Référence de l’API",
};
