import type { Texts } from "../en.ts";

export const errors: Texts["errors"] = {
  load: "Le chargement a échoué",
  notFoundTitle: "Cette page n’existe pas", notFoundText: "L’adresse est peut-être mal saisie, ou ce qu’elle montrait n’existe plus.", home: "Vers le tableau de bord",
  codes: {
    offline: "SafeBase est injoignable", bad_request: "Une saisie n’est pas correcte", unauthorized: "Vous n’êtes pas connecté", forbidden: "Vous n’en avez pas le droit", not_found: "Cela n’existe pas",
    conflict: "Quelque chose s’y oppose pour le moment", gone: "Cela n’existe plus", too_large: "C’est trop volumineux", too_many_requests: "Trop de tentatives. Patientez un instant", unreachable: "Le serveur est injoignable",
    auth_failed: "Le serveur refuse cet utilisateur ou ce mot de passe", tls_failed: "Pas de connexion sécurisée au serveur", database_missing: "Le serveur n’a pas cette base", insufficient_privileges: "Les droits de l’utilisateur ne suffisent pas",
    server_unsupported: "Cette version du serveur n’est pas prise en charge", client_missing: "Un programme nécessaire n’est pas installé", dump_failed: "L’export a échoué", restore_failed: "La restauration a échoué", incomplete_dump: "L’export est incomplet",
    verification_failed: "La restauration d’essai a échoué", artifact_missing: "La sauvegarde stockée manque", artifact_damaged: "La sauvegarde stockée est endommagée", identity_needed: "La clé pour l’ouvrir est nécessaire", exists: "Cela existe déjà",
    storage_full: "Le stockage est plein", storage_failed: "Le stockage a échoué", storage_refused: "Le stockage a refusé", canceled: "Cela a été annulé", time_limit: "Cela a duré trop longtemps", stalled: "Cela est resté bloqué trop longtemps",
    lease_lost: "Son exécuteur a été perdu", gave_up: "Abandon après plusieurs tentatives", no_executor: "Aucun exécuteur n’est là pour le faire", target_busy: "La cible est utilisée", internal: "Un problème est survenu de notre côté",
  },
};
