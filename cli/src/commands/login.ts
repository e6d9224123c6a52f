import { hostname } from "node:os";
import { cleanUrl, findAccess, forgetAccount, keepAccount, readAccount, type Account } from "../access.ts";
import { ask, connect } from "../api.ts";
import { EXIT, Problem, Unreachable } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

interface Options { readonly url?: string; readonly email?: string; readonly passwordFile?: string }

export function addLogin(root: Root, world: () => World): void {
  const { t } = world();
  root.command("login").description(t.commands.login)
    .option("--url <url>", t.options.url).option("--email <email>", t.options.email).option("--password-file <file>", t.options.passwordFile)
    .action((options) => login(world(), options));
  root.command("logout").description(t.commands.logout).action(() => logout(world()));
}

/** Makes an API token with the password, and keeps it instead of the password. */
async function login(world: World, options: Options): Promise<void> {
  const { env, t, terminal } = world;
  const url = options.url === undefined ? (await findAccess(env, t)).url : cleanUrl(options.url, t);
  const before = await readAccount(env, t);
  if (options.email === undefined && !terminal.interactive) throw new Problem(EXIT.usage, t.noTerminal, { hint: t.hints.email });
  const email = options.email ?? await terminal.ask(t.askEmail);
  const password = await terminal.secret(t.askPassword, options.passwordFile);
  const { token: session, user } = await ask(connect(url, undefined, t).auth.login.$post({ json: { email, password } }));
  const inSession = connect(url, session, t);
  const made = await ask(inSession.api.tokens.$post({ query: {}, json: { name: `safebase, ${hostname()}`.slice(0, 100) } }));
  const file = await keepAccount(env, { url, email: user.email, token: made.token, token_id: made.api_token.id });
  if (before !== undefined) await revoke(world, before).catch(notReached); // nobody has it any more
  await ask(inSession.auth.logout.$post({ json: {} }));
  world.show({ url, user, api_token: made.api_token }, () => [t.loggedIn(user.email, url), t.tokenKept(file)]);
}

/** Revokes the token that was kept, and forgets it. */
async function logout(world: World): Promise<void> {
  const { env, t } = world;
  const account = await readAccount(env, t);
  if (account === undefined) throw new Problem(EXIT.no_access, t.notLoggedIn((await findAccess(env, t)).url));
  await revoke(world, account);
  await forgetAccount(env);
  world.show({ url: account.url, token_id: account.token_id }, () => [t.loggedOut(account.url)]);
}

/** Revoked already is as good: a token that the gateway does not know, or not any more. */
async function revoke({ t }: World, { url, token, token_id }: Account): Promise<void> {
  await connect(url, token, t).api.tokens[":id"].$delete({ param: { id: String(token_id) }, query: {} }).catch((error: unknown) => {
    if (!(error instanceof Problem) || error instanceof Unreachable) throw error;
  });
}

/** The SafeBase of an earlier login may be gone for good, which must not stand against this one. */
function notReached(error: unknown): void {
  if (!(error instanceof Unreachable)) throw error;
}
