import type { InferResponseType } from "hono/client";
import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { scope } from "../../api/scope.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/dialog.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { listAccounts } from "../users/accounts.ts";
import { NewToken } from "./new.tsx";
import "../../ui/table.css";
import "./tokens.css";

type ApiToken = InferResponseType<(typeof api)["tokens"]["$get"], 200>["api_tokens"][number];
interface Row { readonly token: ApiToken; readonly owner: string | undefined }

/** What scripts log in with. */
export default function TokensPage() {
  const data = createData(() => undefined, load);
  const [making, setMaking] = createSignal(false);
  const make = () => <Button look="main" icon="plus" onClick={() => setMaking(true)}>{t().tokens.new}</Button>;
  return (
    <>
      <PageHead title={t().tokens.title}><Show when={may("manage")}>{make()}</Show></PageHead>
      <p class="tokens-lead dim">{t().tokens.lead}</p>
      <div class="card tokens"><Loaded of={data} lines={3}>{(rows) => (
        <Show when={rows().length > 0} fallback={<Empty title={t().tokens.emptyTitle} text={t().tokens.emptyText}><Show when={may("manage")}>{make()}</Show></Empty>}><Rows rows={rows()} again={data.again} /></Show>
      )}</Loaded></div>
      <Show when={making()}><NewToken onMade={data.again} onClose={() => setMaking(false)} /></Show>
    </>
  );
}

/** Whose they are is of interest where they are everybody's. */
async function load(): Promise<Row[]> {
  const others = scope() === "all" && may("administer");
  const [{ api_tokens }, accounts] = await Promise.all([ask(api.tokens.$get({ query: {} })), others ? listAccounts() : []]);
  return api_tokens.map((token) => ({ token, owner: accounts.find(({ id }) => id === token.user_id)?.email }));
}

function Rows(props: { rows: readonly Row[]; again: () => void }) {
  const words = () => t().tokens;
  const revoke = (token: ApiToken) => async (): Promise<void> => {
    await ask(api.tokens[":id"].$delete({ param: { id: String(token.id) }, query: {} }));
    toast("good", words().revoked(token.name));
    props.again();
  };
  return (
    <table class="table">
      <thead><tr><th scope="col">{words().name}</th><th scope="col">{words().rights}</th><th scope="col">{words().created}</th><th scope="col">{words().lastUsed}</th><th scope="col">{words().expires}</th><th scope="col"><span class="hidden">{words().revoke}</span></th></tr></thead>
      <tbody>
        <For each={props.rows}>{({ token, owner }) => (
          <tr>
            <td class="whole"><span class="wrap strong">{token.name}</span><Show when={owner}><p class="dim small wrap">{owner}</p></Show></td>
            <td data-label={words().rights}><Tag title={words().rightsHint[token.rights]}>{words().allowed[token.rights]}</Tag></td>
            <td data-label={words().created}><Ago at={token.created_at} /></td>
            <td data-label={words().lastUsed}><Show when={token.last_used_at} fallback={<span class="dim">{words().unused}</span>}>{(at) => <><Ago at={at()} /><Show when={token.last_used_ip}>{(ip) => <p class="dim small">{words().from(ip())}</p>}</Show></>}</Show></td>
            <td data-label={words().expires}><Expiry at={token.expires_at} /></td>
            <td class="whole end"><ConfirmButton label={`${words().revoke}: ${token.name}`} title={words().revokeTitle(token.name)} text={<p>{words().revokeText}</p>} action={words().revoke} onConfirm={revoke(token)}>{words().revoke}</ConfirmButton></td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}

function Expiry(props: { at: string | null }) {
  const over = (): boolean => props.at !== null && Date.parse(props.at) <= Date.now();
  return <Show when={props.at} fallback={<span class="dim">{t().tokens.noEnd}</span>}>{(at) => <Show when={over()} fallback={<span title={f().exact(at())}>{f().moment(at())}</span>}><Badge tone="warn" title={f().exact(at())}>{t().tokens.expired}</Badge></Show>}</Show>;
}
