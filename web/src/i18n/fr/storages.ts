import type { Texts } from "../en.ts";
import { count } from "./count.ts";

export const storages: Texts["storages"] = {
  title: "Stockages", new: "Ajouter un stockage", newTitle: "Nouveau stockage", add: "Essayer et ajouter", addAnyway: "L’ajouter malgré tout", added: (name) => `Le stockage ${name} est ajouté.`,
  name: "Nom", nameHint: "Minuscules, chiffres et tirets. Il ne change jamais.", kind: "Genre", state: "État", space: "Espace", copies: "Copies de sauvegardes", group: "Exécuteurs", since: "Depuis", checked: "Consulté",
  oneOnly: "Toutes les sauvegardes sont au même endroit. Un second stockage, ailleurs, survit à la perte du premier.",
  stands: { unknown: "Pas encore consulté", up: "Joignable", full: "Presque plein", down: "Injoignable" }, neverSeen: "Aucun exécuteur ne l’a encore consulté. Ils le font toutes les quelques minutes, dès que des sauvegardes doivent y aller.",
  free: (free, total) => `${free} libres sur ${total}`, holds: (bytes) => `${bytes} occupés`, usedShare: (share) => `occupé à ${share}`,
  default: "par défaut", defaultHint: "Les sauvegardes y vont si rien d’autre n’est dit", common: "pour tous",
  isDefault: "Les sauvegardes vont ici par défaut", isDefaultHint: "Toutes celles pour lesquelles ni la base, ni la planification, ni la demande ne nomment un stockage.",
  presets: {
    aws: { name: "S3 d’Amazon", hint: "Un bucket chez AWS" }, r2: { name: "R2 de Cloudflare", hint: "S3 sans frais de lecture" }, s3: { name: "MinIO et autres S3", hint: "Ceph, Backblaze, Wasabi ou Garage…" },
    sftp: { name: "Serveur SFTP", hint: "Un NAS ou tout serveur SSH" }, local: { name: "Dossier", hint: "Sur la machine des exécuteurs" },
  },
  fields: {
    endpoint: "Adresse du serveur", region: "Région", bucket: "Nom du bucket", prefix: "Préfixe", access_key_id: "Clé d’accès", secret_access_key: "Clé secrète", session_token: "Jeton de session", path_style: "Bucket dans l’adresse", ca: "Autorité de certification",
    storage_class: "Classe de stockage", encryption: "Chiffrement par le serveur", kms_key_id: "Clé KMS", lock_mode: "Verrouillage des objets", lock_days: "Verrouillés, en jours", part_size_mib: "Taille des parties en Mio", timeout_s: "Silence toléré, en secondes",
    host: "Hôte", port: "Numéro de port", username: "Utilisateur", password: "Mot de passe", private_key: "Clé privée", passphrase: "Phrase secrète de la clé", host_fingerprint: "Empreinte de la clé du serveur", root: "Chemin du dossier", reserve_mib: "Laissé libre pour d’autres, en Mio",
  },
  hints: {
    endpoint: "Sans bucket ni chemin.", bucket: "Il doit déjà exister.", prefix: "Tout se trouve en dessous. Chaque SafeBase en demande un à lui.", region: "Hors Amazon, la plupart des serveurs acceptent n’importe laquelle.", ca: "En PEM, en plus de celles que la machine reconnaît.",
    host_fingerprint: "Affichée par : ssh-keyscan HOST | ssh-keygen -lf -", lock_days: "Durant ce temps, personne ne peut supprimer ce qui est stocké, pas même SafeBase.", storage_class: "Rien qui doive être dégelé avant lecture.", root: "Créé s’il manque.",
  },
  choices: {
    path_style: { "": "Selon l’usage de ce serveur", true: "Dans le chemin", false: "Dans le nom d’hôte" }, encryption: { "": "Aucun", AES256: "Par AES256", "aws:kms": "Par aws:kms" },
    lock_mode: { "": "Aucun", governance: "Governance : qui en a le droit peut supprimer", compliance: "Compliance : personne ne peut supprimer" },
  },
  auth: { label: "Se connecter avec", password: "un mot de passe", key: "une clé privée" },
  advanced: "Autres réglages", keep: "inchangé", key: "Chiffrement de tout ce qui y va", keyHint: "En plus de la clé de la base.", noKey: "Selon la base", encrypted: "avec sa propre clé",
  shared: "Pour tous", sharedHint: "Chaque utilisateur peut y stocker ; seuls les administrateurs le modifient.",
  change: "Modifier", changeTitle: (name) => `Modifier ${name}`, where: "Emplacement", target: "Adresse", set: "défini", sealed: "défini, conservé scellé", ownFolder: "dossier de données de SafeBase", whose: "Propriétaire", mine: "vous", others: "un autre utilisateur", builtIn: "fait partie de SafeBase",
  test: {
    action: "Essayer", ok: "Tout fonctionne : écrit, relu, listé et supprimé.", steps: "Étapes de l’essai", notReached: "non atteinte", fine: "faite", failed: "échouée",
    names: { write: "Écriture", read: "Lecture", list: "Liste", delete: "Suppression" },
  },
  remove: {
    action: "Retirer", title: (name) => `Retirer le stockage ${name} ?`, text: "Il ne contient rien. Ce qui s’y trouve d’autre y reste.", holds: (n) => `${count(n, "copie de vos sauvegardes s’y trouve", "copies de vos sauvegardes s’y trouvent")}.`,
    forget: "Oublier ces copies", forgetHint: "Les fichiers restent où ils sont. Les sauvegardes sans autre copie sont perdues pour SafeBase, jusqu’à ce que le stockage soit ajouté de nouveau et parcouru.", done: (name) => `Le stockage ${name} est retiré.`,
  },
  scan: {
    title: "Sauvegardes inconnues de SafeBase", action: "Parcourir", text: "Lit ce qui se trouve dans ce stockage et reprend les sauvegardes que le catalogue n’a pas : après la perte du catalogue, ou venant d’une autre installation. Les bases reviennent sans leurs mots de passe.",
    states: { running: "Lecture en cours", completed: "Terminé", failed: "Échec" }, problems: "Ce qui a été laissé de côté",
    found: (artifacts, known, backups, copies, databases) => `${artifacts} trouvées, dont ${known} déjà connues. Reprises : sauvegardes ${backups}, copies supplémentaires ${copies}, bases ${databases}.`,
    nothing: "Aucune sauvegarde ne s’y trouve.", leftOut: (n) => `${n} laissées de côté :`,
  },
};
