import { api, ask } from "../../api/client.ts";
import type { Database } from "../../api/types.ts";

/** What has been set up for the newest database. */
export type Setup = Awaited<ReturnType<typeof loadSetup>>;

export async function loadSetup() {
  const { databases } = await ask(api.databases.$get({ query: {} }));
  const database = databases.toSorted((a, b) => b.id - a.id)[0];
  const [{ channels, email_server }, { storages }, of] = await Promise.all([ask(api.channels.$get({ query: {} })), ask(api.storages.$get({ query: {} })), loadOf(database)]);
  return { database, channels, email_server, storages, ...of };
}

async function loadOf(database: Database | undefined) {
  if (database === undefined) return { schedules: [], newest: undefined, completed: undefined };
  const query = { database_id: String(database.id) };
  const newest = async (status: { status?: "completed" }) => (await ask(api.backups.$get({ query: { ...query, ...status, per_page: "1" } }))).backups[0];
  const [{ schedules }, last, completed] = await Promise.all([ask(api.schedules.$get({ query })), newest({}), newest({ status: "completed" })]);
  return { schedules, newest: last, completed };
}

/** What a step is given: what is there, and the ways on. */
export interface StepProps { readonly setup: Setup; readonly database: Database; readonly onDone: () => void; readonly onSkip: () => void }
