import type { Words } from "./words.ts";

export const french: Words = {
  locale: "fr-FR",
  colon: " : ",
  what: {
    backup_completed: "Sauvegarde terminée", backup_recovered: "Les sauvegardes fonctionnent de nouveau", backup_failed: "Échec de la sauvegarde",
    backup_skipped: "Sauvegarde omise", backup_expired: "Anciennes sauvegardes supprimées", backup_damaged: "Sauvegarde endommagée",
    restore_completed: "Restauration terminée", restore_failed: "Échec de la restauration",
    verification_completed: "Sauvegarde vérifiée", verification_failed: "Échec de la vérification",
    objective_at_risk: "Objectif menacé", objective_missed: "Objectif manqué", objective_met: "Objectif de nouveau tenu",
    executor_lost: "Exécuteur perdu", executor_back: "Exécuteur de retour",
    scheduler_lost: "Planificateur perdu", scheduler_back: "Planificateur de retour",
    gateway_lost: "Passerelle perdue", gateway_back: "Passerelle de retour",
    notifier_lost: "Notificateur perdu", notifier_back: "Notificateur de retour",
    catalog_backup_failed: "Échec de la sauvegarde de SafeBase lui-même",
    storage_unreachable: "Stockage injoignable", storage_back: "Stockage de nouveau joignable",
    storage_nearly_full: "Stockage presque plein", storage_has_space: "De nouveau de la place dans le stockage",
    login_new_place: "Connexion depuis un nouvel endroit",
    server_databases_changed: "Les bases d’un serveur ont changé", server_sync_failed: "Serveur impossible à suivre", server_sync_recovered: "Serveur de nouveau suivi",
  },
  counted: {
    backup_completed: ["sauvegarde terminée", "sauvegardes terminées"], backup_recovered: ["base de nouveau sauvegardée", "bases de nouveau sauvegardées"],
    backup_failed: ["échec de sauvegarde", "échecs de sauvegarde"], backup_skipped: ["sauvegarde omise", "sauvegardes omises"],
    backup_expired: ["suppression d’anciennes sauvegardes", "suppressions d’anciennes sauvegardes"], backup_damaged: ["sauvegarde endommagée", "sauvegardes endommagées"],
    restore_completed: ["restauration terminée", "restaurations terminées"], restore_failed: ["échec de restauration", "échecs de restauration"],
    verification_completed: ["sauvegarde vérifiée", "sauvegardes vérifiées"], verification_failed: ["échec de vérification", "échecs de vérification"],
    objective_at_risk: ["objectif menacé", "objectifs menacés"], objective_missed: ["objectif manqué", "objectifs manqués"],
    objective_met: ["objectif de nouveau tenu", "objectifs de nouveau tenus"],
    executor_lost: ["exécuteur perdu", "exécuteurs perdus"], executor_back: ["exécuteur de retour", "exécuteurs de retour"],
    scheduler_lost: ["planificateur perdu", "planificateurs perdus"], scheduler_back: ["planificateur de retour", "planificateurs de retour"],
    gateway_lost: ["passerelle perdue", "passerelles perdues"], gateway_back: ["passerelle de retour", "passerelles de retour"],
    notifier_lost: ["notificateur perdu", "notificateurs perdus"], notifier_back: ["notificateur de retour", "notificateurs de retour"],
    catalog_backup_failed: ["échec de la sauvegarde de SafeBase lui-même", "échecs de la sauvegarde de SafeBase lui-même"],
    storage_unreachable: ["stockage injoignable", "stockages injoignables"], storage_back: ["stockage de nouveau joignable", "stockages de nouveau joignables"],
    storage_nearly_full: ["stockage presque plein", "stockages presque pleins"], storage_has_space: ["stockage qui a de nouveau de la place", "stockages qui ont de nouveau de la place"],
    login_new_place: ["connexion depuis un nouvel endroit", "connexions depuis de nouveaux endroits"],
    server_databases_changed: ["changement des bases d’un serveur", "changements des bases de serveurs"],
    server_sync_failed: ["serveur impossible à suivre", "serveurs impossibles à suivre"], server_sync_recovered: ["serveur de nouveau suivi", "serveurs de nouveau suivis"],
  },
  next: {
    backup_completed: undefined, backup_recovered: undefined, backup_expired: undefined, restore_completed: undefined,
    verification_completed: undefined, objective_met: undefined, executor_back: undefined, scheduler_back: undefined,
    gateway_back: undefined, notifier_back: undefined, storage_has_space: undefined, storage_back: undefined, server_databases_changed: undefined, server_sync_recovered: undefined,
    backup_failed: "Corrigez la cause, puis lancez une sauvegarde à la main : d’ici là, la plus récente vieillit.",
    backup_skipped: "Si cela se répète, espacez davantage les sauvegardes.",
    backup_damaged: "Ne comptez pas sur cette sauvegarde : lancez-en une autre, examinez le disque du stockage et contrôlez les autres sauvegardes.",
    restore_failed: "Consultez la fiche de la restauration : elle dit ce qu’il est advenu de la cible.",
    verification_failed: "Ne vous fiez pas à cette sauvegarde : lancez-en une autre et vérifiez-la.",
    objective_at_risk: "Regardez si une sauvegarde ou sa vérification est en cours ; sinon, lancez-la maintenant.",
    objective_missed: "Lancez une sauvegarde ou sa vérification maintenant, et cherchez pourquoi il n’y en a pas eu : leur historique le dit.",
    executor_lost: "Vérifiez qu’un exécuteur tourne et atteint NATS : d’ici là, aucune sauvegarde ni restauration de ses bases n’a lieu.",
    scheduler_lost: "Vérifiez que le planificateur tourne et atteint NATS : d’ici là, rien n’a lieu à l’heure prévue. Ce qui arrive à échéance entre-temps sera rattrapé.",
    gateway_lost: "Vérifiez que la passerelle tourne et atteint NATS et son catalogue : d’ici là, les résultats ne sont pas consignés.",
    notifier_lost: "Vérifiez que le notificateur tourne et atteint NATS : d’ici là, personne n’est averti des échecs.",
    catalog_backup_failed: "Examinez le stockage nommé et relancez la sauvegarde du catalogue : sans copie, les réglages et l’historique de SafeBase sont perdus avec son disque.",
    storage_unreachable: "Testez le stockage et vérifiez que son serveur fonctionne et que ses clés sont valables : d’ici là, les sauvegardes qui lui sont destinées échouent, ou il leur manque une copie.",
    storage_nearly_full: "Faites de la place, ou gardez moins de sauvegardes : elles échoueront quand il sera plein.",
    server_sync_failed: "Vérifiez que le serveur est joignable avec cet utilisateur : d’ici là, ses nouvelles bases ne sont pas sauvegardées.",
    login_new_place: "Si ce n’était pas vous, déconnectez-vous partout et prévenez un administrateur : quelqu’un connaît le mot de passe.",
  },
  labels: {
    database: "Base", why: "Cause", next: "À faire", backup: "Sauvegarde", restore: "Restauration", verification: "Vérification",
    trigger: "Origine", size: "Taille", duration: "Durée", time: "Date", owner: "Propriétaire",
  },
  triggers: { manual: "à la main", scheduled: "à l’heure prévue", catch_up: "rattrapage d’une échéance manquée", safety: "avant une restauration" },
  notices: ["avis", "avis"],
  backups: ["sauvegarde", "sauvegardes"],
  test: "Essai",
  testSentence: "Ceci est un message d’essai : le canal fonctionne, et il ne s’est rien passé.",
  open: "Ouvrir SafeBase",
  automatic: "SafeBase a envoyé ce message automatiquement ; les réponses ne sont pas lues.",
  skipped: "La sauvegarde précédente n’était pas terminée.",
  number: (database_id) => `n° ${database_id}`,
  more: (count) => `… et ${count} de plus`,
  group: (name) => `groupe ${name}`,
  objective(kind, age, limit) {
    const one = kind === "backup" ? "sauvegarde" : "sauvegarde vérifiée";
    if (age === undefined) return `Il n’y a pas encore de ${one} ; l’âge maximal de la plus récente est de ${limit}.`;
    return `La ${one} la plus récente date d’il y a ${age} ; son âge maximal est de ${limit}.`;
  },
  expired: (backups, size) => `La rétention a supprimé ${backups}${size === undefined ? "" : `, ${size}`}.`,
  silent: (since) => (since === undefined ? "Il n’y a aucun signe de vie." : `Dernier signe de vie le ${since}.`),
  back: (since) => (since === undefined ? "Les signes de vie sont revenus." : `Les signes de vie sont revenus ; ils manquaient depuis le ${since}.`),
  space: (free, total, percent) => `${free} sur ${total} sont libres (${percent}).`,
  server(what, names, more) {
    const all = `${names}${more === undefined ? "" : ` et ${more} de plus`}`;
    if (what === "added") return `Nouvelles, enregistrées : ${all}.`;
    if (what === "returned") return `De nouveau là : ${all}.`;
    if (what === "vanished") return `Disparues du serveur : ${all} ; leurs sauvegardes restent.`;
    return `Non sauvegardées, car l’utilisateur ne peut pas s’y connecter : ${all}.`;
  },
  login: (ip, agent) => `Depuis ${ip ?? "une adresse inconnue"}${agent === undefined ? "" : `, avec ${agent}`}.`,
};
