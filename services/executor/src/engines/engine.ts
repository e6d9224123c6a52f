import { SafebaseError, type Connection, type Contents, type EngineType, type Format, type ProbeReport, type ServerReport, type Warning } from "@safebase/contracts";
import type { Manifest, ManifestPart, PartReader, PartSource, Stage, StageFailure } from "@safebase/artifact";

/** What an engine is given to work with. Engines know no NATS, no storage and no job. */
export interface EngineContext {
  /** Extra folders in which to look for native clients, before the usual ones. */
  readonly client_dirs: readonly string[];
  /** A 0700 folder of this run alone, removed with all in it when the run ends: password files go here (0600). */
  readonly work_dir: string;
  /** Marks our connections on the server (`application_name`) and the names of side databases. */
  readonly tag: string;
  readonly signal: AbortSignal;
}

/**
 * One kind of database server. Whoever knows one engine knows all: each folder has `args`, `probe`, `dump`, `restore`.
 * Every method throws SafebaseError with a sentence for the user (`unreachable`, `auth_failed`, `database_missing`,
 * `server_unsupported`, `client_missing`, …) that holds no secret.
 */
export interface Engine {
  readonly types: readonly EngineType[];
  probe(connection: Connection, context: EngineContext): Promise<ProbeReport>;
  /** Every database of the server; `connection.db_name` plays no part. */
  listDatabases(connection: Connection, options: { readonly sizes: boolean }, context: Pick<EngineContext, "tag" | "signal">): Promise<ServerReport>;
  prepareDump(connection: Connection, options: DumpOptions, context: EngineContext): Promise<PreparedDump>;
  prepareRestore(connection: Connection, options: RestoreOptions, context: EngineContext): Promise<PreparedRestore>;
  /** How to see that a dump is whole. Asks no server. */
  prepareParse(manifest: Manifest, context: Pick<EngineContext, "client_dirs" | "work_dir">): Promise<PreparedParse>;
  /**
   * Removes what a restore with this tag left on the server: after an interrupted one the side database, after a
   * completed one the old database that commit set aside. May be repeated. Says in which state the target is.
   * After a test, finished or not, `scratch` says that the target itself is what was left.
   */
  cleanUp(connection: Connection, context: EngineContext, options?: { readonly scratch?: boolean }): Promise<TargetState>;
}

export interface DumpOptions {
  readonly format: Format;
  /** How many parts the data is dumped in at once, where the engine can; by default one with all in it. */
  readonly jobs?: Jobs;
  /** The server's roles and tablespaces, too, where the user may read them. */
  readonly globals?: boolean;
}

/** A number, or as many as fit this machine for a database of that size or larger. */
export type Jobs = number | { readonly auto_from_bytes: number };

/** What reads the raw bytes of a part to their end: stages that fail at what is no dump, or the text that must stand in its last lines. */
export interface PreparedParse { readerOf(part: ManifestPart): PartReader }

/** `untouched` by the restore; `restored`: its commit was done; `half_loaded`: emptied or loaded in part, in place. */
export type TargetState = "untouched" | "restored" | "half_loaded";

/** A dump that is ready to run: the client is chosen, the preflight done, the snapshot (if any) held until disposal. */
export interface PreparedDump extends AsyncDisposable {
  readonly server: string; // "PostgreSQL 15.20"
  readonly server_version: string;
  readonly tool: { name: string; version: string; args: readonly string[] }; // args without secrets
  /** What writes the dump: one part with all of it, or several of one state, to be run at once. */
  readonly parts: readonly PartSource[];
  readonly warnings: readonly Warning[];
  /** What a restore must know of the source before it reads the dump (roles, extensions, sort order): for the manifest. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** A guess at the dump's size, for progress only; null while there is none. */
  estimated_raw_bytes(): number | null;
  /** Tables and row counts of the very state that is dumped, as exact as is cheap. Awaited after the dump. */
  contents(): Promise<Contents>;
  /** What the user should read when a stage failed. */
  explain(failure: StageFailure): SafebaseError;
  /** Is the server at work for us though no byte moves? */
  isBusy(): Promise<boolean>;
}

export interface RestoreOptions {
  readonly manifest: Manifest;
  /** A database of that name must not be there yet. */
  readonly must_be_new: boolean;
  /**
   * Only a test: it is never committed, and ends with `cleanUp`. The target's name is this test's alone, and nothing that
   * is loaded may act by itself.
   */
  readonly scratch?: boolean;
}

/** A restore that is ready to run; nothing on the server has changed before `begin`. */
export interface PreparedRestore extends AsyncDisposable {
  /** A database of that name is there and will be replaced. */
  readonly replaces: boolean;
  /**
   * The load goes into a place that nobody uses before `commit`, and that `rollback` removes: bytes may be loaded before
   * all of them are known to be good. Elsewhere the target is lost from `begin` on.
   */
  readonly apart: boolean;
  /** Already swapped in by an earlier run that died before it could say so: only `commit` is left. */
  readonly already_loaded: boolean;
  readonly warnings: readonly Warning[];
  /** Makes the place to load into: a side database, or the emptied target where the engine knows no other way. */
  begin(): Promise<void>;
  /** What loads the dump, one step after the other. Valid after `begin`. */
  steps(): readonly LoadStep[];
  explain(failure: StageFailure): SafebaseError;
  isBusy(): Promise<boolean>;
  /**
   * What was loaded, counted anew, in the words of the manifest's contents. Not exact where the user or the table does not
   * let itself be counted. Valid after the load, before `commit`.
   */
  loaded(): Promise<Contents>;
  /** Checks what was loaded and puts it in the target's place, atomically where the engine can. `cleanUp` tidies later. */
  commit(): Promise<void>;
  /** After a failure: removes the side database. True when the target is as it was before `begin`. */
  rollback(): Promise<boolean>;
}

/** What may be done at once. */
export type LoadStep = readonly LoadTask[];

/** Stages that read the raw bytes of a part from stdin, or nothing. */
export interface LoadTask { readonly part: ManifestPart | null; readonly stages: readonly Stage[] }

/** A dump that failed for a reason that is gone when it is taken again, such as a table rebuilt meanwhile. */
export class RetryableDumpError extends SafebaseError {}
