import type { Pair } from "./pair.ts";

/** English and French: groups of executors, and machines that join them. */
export const executors: readonly Pair[] = [
  ["{}: unknown executor group: {}", "{1} : groupe d’exécuteurs inconnu : {2}"],
  ["only an admin may change where the executors of the group {} connect to", "seul un administrateur peut changer où se connectent les exécuteurs du groupe {}"],
  ["have an admin change it, or open the group, or move it to the group {} in the same request", "faites-le changer par un administrateur, ou faites ouvrir le groupe, ou déplacez-la vers le groupe {} dans la même requête"],
  ["databases or servers are in the group {}", "des bases ou des serveurs sont dans le groupe {}"],
  ["move them to another group first", "déplacez-les d’abord vers un autre groupe"],
  ["there is no executor group {}", "il n’y a pas de groupe d’exécuteurs {}"],
  ["the group {} is forgotten", "le groupe {} est oublié"],
  ["may hold letters, digits, - and _, 64 at most", "peut contenir des lettres, des chiffres, - et _, 64 au plus"],
  [
    "backups in the storage local stay on the machine of an executor of the group {}: they cannot be downloaded, checked or restored from elsewhere, and are lost with that machine; choose a storage of type s3 or sftp as well",
    "les sauvegardes dans le stockage local restent sur la machine d’un exécuteur du groupe {} : elles ne peuvent être ni téléchargées, ni contrôlées, ni restaurées d’ailleurs, et sont perdues avec cette machine ; choisissez aussi un stockage de type s3 ou sftp",
  ],
];
