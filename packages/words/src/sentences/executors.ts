import type { Pair } from "./pair.ts";

/** English and French: groups of executors, and machines that join them. */
export const executors: readonly Pair[] = [
  ["{}: unknown executor group: {}", "{1} : groupe d’exécuteurs inconnu : {2}"],
  ["only an admin may change where the executors of the group {} connect to", "seul un administrateur peut changer où se connectent les exécuteurs du groupe {}"],
  ["have an admin change it, or open the group, or move it to the group {} in the same request", "faites-le changer par un administrateur, ou faites ouvrir le groupe, ou déplacez-la vers le groupe {} dans la même requête"],
  ["databases or servers are in the group {}", "des bases ou des serveurs sont dans le groupe {}"],
  ["move them to another group first", "déplacez-les d’abord vers un autre groupe"],
  ["there is no executor group {}", "il n’y a pas de groupe d’exécuteurs {}"],
  ["no executor can join: SafeBase has no key to make credentials for its NATS with", "aucun exécuteur ne peut rejoindre : SafeBase n’a pas de clé pour créer des identifiants pour son NATS"],
  ["run SafeBase on a secured NATS and set SAFEBASE_NATS_SIGNING_KEY and SAFEBASE_NATS_PUBLIC_URL: {}", "faites fonctionner SafeBase avec un NATS sécurisé et définissez SAFEBASE_NATS_SIGNING_KEY et SAFEBASE_NATS_PUBLIC_URL : {}"],
  ["no executor can join: it is not known at which address it would reach NATS", "aucun exécuteur ne peut rejoindre : on ne sait pas à quelle adresse il atteindrait NATS"],
  ["set SAFEBASE_NATS_PUBLIC_URL, such as tls://safebase.example.org:4222: {}", "définissez SAFEBASE_NATS_PUBLIC_URL, par exemple tls://safebase.example.org:4222 : {}"],
  ["docs/executor-groups.md says how", "docs/executor-groups.md dit comment"],
  ["there is no such join token", "ce jeton d’adhésion n’existe pas"],
  ["it may have been revoked: ask an admin for another", "il a peut-être été révoqué : demandez-en un autre à un administrateur"],
  ["this join token was revoked", "ce jeton d’adhésion a été révoqué"],
  ["this join token expired at {}", "ce jeton d’adhésion a expiré le {}"],
  ["this join token was used already", "ce jeton d’adhésion a déjà servi"],
  ["the join token is revoked", "le jeton d’adhésion est révoqué"],
  ["too many wrong join tokens, try again later", "trop de jetons d’adhésion faux, réessayez plus tard"],
  ["the group {} is forgotten", "le groupe {} est oublié"],
  ["may hold letters, digits, - and _, 64 at most", "peut contenir des lettres, des chiffres, - et _, 64 au plus"],
  [
    "backups in the storage local stay on the machine of an executor of the group {}: they cannot be downloaded, checked or restored from elsewhere, and are lost with that machine; choose a storage of type s3 or sftp as well",
    "les sauvegardes dans le stockage local restent sur la machine d’un exécuteur du groupe {} : elles ne peuvent être ni téléchargées, ni contrôlées, ni restaurées d’ailleurs, et sont perdues avec cette machine ; choisissez aussi un stockage de type s3 ou sftp",
  ],
];
