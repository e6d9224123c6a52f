import { createSignal, For, Show } from "solid-js";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, Tag, type Tone } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Ago } from "../../ui/time.tsx";
import { ForAdmins } from "../session/allowed.tsx";
import { session } from "../session/session.ts";
import { listAccounts, stateOf, type Account, type Given } from "./accounts.ts";
import { GivenDialog, InviteDialog } from "./dialogs.tsx";
import { AccountActions } from "./menu.tsx";
import "../../ui/table.css";
import "./users.css";

const TONES: Record<ReturnType<typeof stateOf>, Tone> = { active: "good", invited: "info", reset: "info", disabled: "none" };

/** Who has an account, and what he may. */
export default function UsersPage() {
  return <ForAdmins title={t().users.title}><Users /></ForAdmins>;
}

function Users() {
  const data = createData(() => undefined, listAccounts);
  const [inviting, setInviting] = createSignal(false);
  const [given, setGiven] = createSignal<{ given: Given; again: boolean }>();
  const show = (made: Given, again: boolean): void => {
    setInviting(false);
    setGiven({ given: made, again });
    data.again();
  };
  return (
    <>
      <PageHead title={t().users.title}><Button look="main" icon="plus" onClick={() => setInviting(true)}>{t().users.invite}</Button></PageHead>
      <div class="card users"><Loaded of={data}>{(accounts) => <Rows accounts={accounts()} again={data.again} onGiven={(made) => show(made, true)} />}</Loaded></div>
      <Show when={inviting()}><InviteDialog onClose={() => setInviting(false)} onGiven={(made) => show(made, false)} /></Show>
      <Show when={given()}>{(now) => <GivenDialog {...now()} onClose={() => setGiven(undefined)} />}</Show>
    </>
  );
}

function Rows(props: { accounts: readonly Account[]; again: () => void; onGiven: (given: Given) => void }) {
  const words = () => t().users;
  const me = (): number | undefined => { const now = session(); return now.state === "in" ? now.user.id : undefined; };
  return (
    <table class="table">
      <thead><tr><th scope="col">{words().email}</th><th scope="col">{words().role}</th><th scope="col">{words().state}</th><th scope="col" class="end">{words().databases}</th><th scope="col" class="end">{words().lastLogin}</th><th scope="col"><span class="hidden">{words().actions}</span></th></tr></thead>
      <tbody>
        <For each={props.accounts}>{(account) => (
          <tr classList={{ "user-off": account.disabled_at !== null }}>
            <td class="whole"><span class="wrap strong">{account.email}</span><Show when={account.id === me()}><Tag>{words().you}</Tag></Show></td>
            <td data-label={words().role}><span title={words().may[account.role]}>{t().roles[account.role]}</span></td>
            <td data-label={words().state}><Badge tone={TONES[stateOf(account)]}>{words().states[stateOf(account)]}</Badge></td>
            <td class="end" data-label={words().databases}>{f().number(account.databases)}</td>
            <td class="end dim" data-label={words().lastLogin}>{account.last_login_at === null ? words().never : <Ago at={account.last_login_at} />}</td>
            <td class="end user-menu"><Show when={account.id !== me()}><AccountActions account={account} again={props.again} onGiven={props.onGiven} /></Show></td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}
