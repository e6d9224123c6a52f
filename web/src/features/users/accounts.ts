import type { InferResponseType } from "hono/client";
import { api, ask } from "../../api/client.ts";

export type Account = InferResponseType<(typeof api)["users"]["$get"], 200>["users"][number];
export type Role = Account["role"];
export const ROLES = Object.keys({ admin: 1, operator: 1, user: 1, viewer: 1 } satisfies Record<Role, 1>) as Role[];

/** An account with the password that its owner gets in with first. */
export interface Given { readonly user: Account; readonly password: string }

const param = (id: number) => ({ param: { id: String(id) }, query: {} });

export const listAccounts = async (): Promise<Account[]> => (await ask(api.users.$get({ query: {} }))).users;
export const invite = (email: string, role: Role): Promise<Given> => ask(api.users.$post({ query: {}, json: { email, role } }));
export const change = async (id: number, json: { role?: Role; disabled?: boolean }): Promise<void> => { await ask(api.users[":id"].$patch({ ...param(id), json })); };
export const resetPassword = (id: number): Promise<Given> => ask(api.users[":id"].password.$post(param(id)));
export const remove = async (id: number): Promise<void> => { await ask(api.users[":id"].$delete(param(id))); };

type State = "active" | "invited" | "reset" | "disabled";

/** How an account stands: whose password an admin gave out was invited, or forgot it. */
export function stateOf({ disabled_at, password_expires_at, last_login_at }: Account): State {
  if (disabled_at !== null) return "disabled";
  if (password_expires_at === null) return "active";
  return last_login_at === null ? "invited" : "reset";
}
