import { availableParallelism } from "node:os";
import { join } from "node:path";
import { dumpParts, type Manifest, type ManifestPart, type Stage } from "@safebase/artifact";
import type { Connection } from "@safebase/contracts";
import type { EngineContext, LoadStep, LoadTask } from "../engine.ts";
import { baseEnvironment, convertArgs, psqlArgs, restoreArgs, toolEnvironment } from "./args.ts";
import type { LoadPlan } from "./restore-plan.ts";
import { sedArgs } from "./sql-filter.ts";

/** More sessions at once than this do not build indexes faster. */
const SESSIONS_MAX = 8;

/** Where the load goes. */
export interface LoadPlace { readonly connection: Connection; readonly side: string; readonly context: EngineContext }

/** What loads a backup into the side database: its one part from stdin, or one section after the other. */
export async function loadSteps(plan: LoadPlan, manifest: Manifest, place: LoadPlace): Promise<LoadStep[]> {
  const loader = await prepareLoader(plan, place);
  const parts = dumpParts(manifest);
  const [pre, ...data] = parts;
  const post = data.pop();
  if (pre === undefined || post === undefined) return parts.map((part) => [{ part, stages: loader([]) }]);
  const files = { pre: join(place.context.work_dir, "pre-data.dump"), post: join(place.context.work_dir, "post-data.dump") };
  return [
    [{ part: pre, stages: [keepStage(files.pre)] }, { part: post, stages: [keepStage(files.post)] }],
    ...(plan.keep_owners ? around(plan, data, loader, files, place.context) : [
      alone(loader([files.pre])), loadAll(data, loader), alone(loader([...parallel(plan), files.post])),
    ]),
  ];
}

type Loader = (more: readonly string[]) => Stage[];
type Files = { readonly pre: string; readonly post: string };

const alone = (stages: readonly Stage[]): LoadStep => [{ part: null, stages }];
const loadAll = (parts: readonly ManifestPart[], loader: Loader): LoadTask[] => parts.map((part) => ({ part, stages: loader([]) }));

/** What is made over the rows is small, so it lies in a file, from which several sessions work: indexes side by side. */
const parallel = ({ clients }: LoadPlan): string[] => clients.psql === undefined ? [`--jobs=${Math.min(SESSIONS_MAX, availableParallelism())}`] : [];

/**
 * pg_restore gives rights away only after all rows, indexes and constraints, for an owner may have none on his own
 * table, and last come event triggers and materialized views, which need those rights. Sections alone would do it
 * earlier: lists of their entries keep its order.
 */
function around(plan: LoadPlan, data: readonly ManifestPart[], loader: Loader, files: Files, { work_dir }: EngineContext): LoadStep[] {
  const lists = { rights: join(work_dir, "rights.list"), over: join(work_dir, "over.list"), last: join(work_dir, "last.list") };
  const list = (archive: string, sed: readonly string[]): Stage[] => [
    { program: plan.clients.restore?.path ?? "pg_restore", args: ["--list", archive], env: baseEnvironment({ work_dir }), failure_code: "restore_failed" },
    { program: "sed", args: ["-n", ...sed], env: baseEnvironment({ work_dir }), failure_code: "restore_failed" },
  ];
  return [
    [
      { part: null, stages: list(files.pre, ["-e", `/${RIGHTS}/w ${lists.rights}`]) },
      { part: null, stages: list(files.post, ["-e", `/${LAST}/{w ${lists.last}`, "-e", "d", "-e", "}", "-e", `w ${lists.over}`]) },
    ],
    alone(loader(["--no-acl", files.pre])),
    loadAll(data, loader),
    alone(loader([...parallel(plan), `--use-list=${lists.over}`, files.post])),
    alone(loader([`--use-list=${lists.rights}`, files.pre])),
    alone(loader([`--use-list=${lists.last}`, files.post])),
  ];
}

/** The lines of a list, which begin with three numbers, for what pg_restore does after everything else. */
const ENTRY = "^[0-9]*; [0-9]* [0-9]* ";
const RIGHTS = `${ENTRY}\\(DEFAULT \\)\\?ACL `;
const LAST = `${ENTRY}\\(\\(DEFAULT \\)\\?ACL\\|MATERIALIZED VIEW DATA\\|EVENT TRIGGER\\|COMMENT - EVENT TRIGGER\\|SECURITY LABEL - EVENT TRIGGER\\) `;

/** The program that keeps what it reads in a file of the run's folder. */
export const KEEPER = "dd";

function keepStage(path: string): Stage {
  return { program: KEEPER, args: [`of=${path}`, "bs=256K", "status=none"], failure_code: "restore_failed" };
}

/** The processes from an archive or a script, on stdin where no file is named, to the side database. */
async function prepareLoader(plan: LoadPlan, { connection, side, context }: LoadPlace): Promise<Loader> {
  const env = await toolEnvironment(connection, side, context);
  const common = { failure_code: "restore_failed" } as const;
  const { restore, psql } = plan.clients;
  const sql: Stage[] = psql === undefined ? [] : [
    { ...common, program: "sed", args: sedArgs(plan), env: baseEnvironment(context) },
    { ...common, program: psql.path, args: await psqlArgs(context), env },
  ];
  if (restore === undefined) return () => sql;
  return (more) => [psql === undefined
    ? { ...common, program: restore.path, args: [...restoreArgs(side, plan), ...more], env }
    : { ...common, program: restore.path, args: [...convertArgs(plan), ...more], env: baseEnvironment(context) }, ...sql];
}
