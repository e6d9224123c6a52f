import { api, ApiError } from "../../api/client.ts";
import { scoped } from "../../api/scope.ts";

export const FORMS = ["stored", "sql", "zip", "gz"] as const;
export type Form = (typeof FORMS)[number];

/** What of a backup is wanted, and in which form. */
export interface Wanted { readonly id: number; readonly as: Form; readonly part?: string }

/** Hands a download over to the browser, which writes it to the disk; a refusal is thrown before anything comes. */
export async function download({ id, ...query }: Wanted): Promise<void> {
  const of = { param: { id: String(id) }, query };
  const get = api.backups[":id"].download.$get;
  // HEAD takes nothing away, but has no sentence for what stands against it: GET has.
  await get(of, { init: { method: "HEAD" } }).catch(async (error: unknown) => {
    if (error instanceof ApiError && error.code !== "offline") throw error;
    await (await get(of)).body?.cancel();
  });
  save(scoped(`/api/backups/${id}/download?${new URLSearchParams({ ...query }).toString()}`), "");
}

/** The same with an identity that is kept away: it goes in the body, so the browser holds the file until it is whole. */
export async function downloadOpened({ id, as, part }: Wanted & { readonly as: Exclude<Form, "stored"> }, identity: string): Promise<void> {
  const response = await api.backups[":id"].download.$post({ param: { id: String(id) }, query: {}, json: { as, identity, ...(part === undefined ? {} : { part }) } });
  const url = URL.createObjectURL(await response.blob());
  save(url, nameOf(response.headers.get("content-disposition") ?? ""));
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser has taken it by then
}

function nameOf(disposition: string): string {
  const exact = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
  return exact === undefined ? /filename="([^"]+)"/.exec(disposition)?.[1] ?? "backup" : decodeURIComponent(exact);
}

function save(href: string, name: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}
