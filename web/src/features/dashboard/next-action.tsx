import { createSignal, Match, Show, Switch } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Dashboard } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { said, saidOf } from "../../i18n/said.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { toast } from "../../ui/toasts.tsx";
import { BackUpButton } from "../databases/back-up-button.tsx";
import { may } from "../session/rights.ts";
import { linkOf, type Attention } from "./links.ts";

/** What to do next about something, done here where it can be, and the page where more of it is seen. */
export function NextAction(props: { item: Attention; running: ReadonlySet<number> }) {
  const owner = () => props.item.owner?.id;
  const link = () => linkOf(props.item);
  return (
    <div class="attention-actions">
      <Switch>
        <Match when={BACKED_UP.has(props.item.kind) && may("operate", owner()) && props.item.database}>{(database) => <BackUpButton database={database()} running={props.running.has(database().id)} />}</Match>
        <Match when={props.item.kind.startsWith("storage_") && may("operate") && props.item.storage}>{(storage) => <TestStorage storage={storage()} />}</Match>
        <Match when={props.item.kind === "catalog_backup_overdue"}><BackUpCatalog /></Match>
      </Switch>
      <Show when={link()}>{(to) => <Show when={to().right === undefined || may(to().right ?? "read", owner())}><ButtonLink href={to().href} look={HAS_MORE.has(props.item.kind) ? "quiet" : "plain"}>{t().attention.actions[to().words]}</ButtonLink></Show>}</Show>
    </div>
  );
}

const BACKED_UP: ReadonlySet<string> = new Set<Attention["kind"]>(["never_backed_up", "objective_missed", "objective_at_risk", "backup_failed"]);
const HAS_MORE: ReadonlySet<string> = new Set<Attention["kind"]>([...BACKED_UP, "storage_unreachable", "storage_full"] as Attention["kind"][]);

type Named = NonNullable<Dashboard["attention"]["items"][number]["storage"]>;

function TestStorage(props: { storage: Named }) {
  const act = async (): Promise<void> => {
    const result = await ask(api.storages[":id"].test.$post({ param: { id: String(props.storage.id) }, query: {}, json: {} }));
    if (!result.ok) throw new Error(`${t().errors.codes[result.code]}${t().app.colon}${said(result.error).text}`);
    toast("good", t().attention.tested(props.storage.name));
  };
  return <Act label={t().attention.testOf(props.storage.name)} act={act}>{t().attention.test}</Act>;
}

function BackUpCatalog() {
  const act = async (): Promise<void> => {
    await ask(api.recovery.backup.$post({ query: {} }));
    toast("good", t().attention.catalogDone);
  };
  return <Act act={act}>{t().attention.catalog}</Act>;
}

/** A button that does something, and says why it could not. */
function Act(props: { children: string; label?: string; act: () => Promise<void> }) {
  const [busy, setBusy] = createSignal(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      await props.act();
    } catch (error) {
      toast("bad", saidOf(error));
    } finally {
      setBusy(false);
    }
  };
  return <Button busy={busy()} {...(props.label === undefined ? {} : { label: props.label })} onClick={() => void run()}>{props.children}</Button>;
}
