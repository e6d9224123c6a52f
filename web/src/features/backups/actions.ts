import { api, ask } from "../../api/client.ts";

const of = (id: number) => ({ param: { id: String(id) }, query: {} });

/** What can be done with a backup, by its id. */
export const pin = async (id: number, pinned = true): Promise<void> => void await ask(api.backups[":id"].$put({ ...of(id), json: { pinned } }));
export const check = async (id: number): Promise<void> => void await ask(api.backups[":id"].check.$post({ ...of(id), json: {} }));
export const verify = async (id: number, identity?: string): Promise<void> => void await ask(api.backups[":id"].verify.$post({ ...of(id), json: identity === undefined ? {} : { identity } }));
export const remove = async (id: number): Promise<void> => void await ask(api.backups[":id"].$delete(of(id)));
export const cancel = async (job_id: number): Promise<void> => void await ask(api.jobs[":id"].cancel.$post(of(job_id)));
