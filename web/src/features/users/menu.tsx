import { createSignal, Match, Show, Switch } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Popover } from "../../ui/popover.tsx";
import { toast } from "../../ui/toasts.tsx";
import { change, remove, resetPassword, type Account, type Given } from "./accounts.ts";
import { RoleDialog } from "./dialogs.tsx";

type Asked = "role" | "reset" | "disable" | "remove";

/** What an admin may do with somebody else's account. */
export function AccountActions(props: { account: Account; onGiven: (given: Given) => void; again: () => void }) {
  const [asked, setAsked] = createSignal<Asked>();
  const words = () => t().users;
  const email = (): string => props.account.email;
  const close = (): void => { setAsked(undefined); };
  const done = (text: string): void => { toast("good", text); props.again(); };
  const enable = async (): Promise<void> => {
    try {
      await change(props.account.id, { disabled: false });
      done(words().enabled(email()));
    } catch (error) {
      toast("bad", saidOf(error));
    }
  };
  return (
    <>
      <Popover label={words().actionsOf(email())} opener_class="icon-button" opener={<Icon name="more" />}>{(shut) => {
        const ask = (what: Asked) => (): void => { shut(); setAsked(what); };
        return (
          <>
            <Button look="quiet" icon="users" onClick={ask("role")}>{words().changeRole}</Button>
            <Button look="quiet" icon="key" onClick={ask("reset")}>{words().resetPassword}</Button>
            <Show when={props.account.disabled_at === null} fallback={<Button look="quiet" icon="check" onClick={() => { shut(); void enable(); }}>{words().enable}</Button>}>
              <Button look="quiet" icon="cross" onClick={ask("disable")}>{words().disable}</Button>
            </Show>
            <Button look="quiet" icon="trash" onClick={ask("remove")}>{words().remove}</Button>
          </>
        );
      }}</Popover>
      <Switch>
        <Match when={asked() === "role"}><RoleDialog account={props.account} onClose={close} onDone={() => { close(); props.again(); }} /></Match>
        <Match when={asked() === "reset"}>
          <Confirm title={words().reset} action={words().reset} onClose={close} onConfirm={async () => props.onGiven(await resetPassword(props.account.id))}><p>{words().resetText(email())}</p></Confirm>
        </Match>
        <Match when={asked() === "disable"}>
          <Confirm title={words().disableAction} action={words().disableAction} onClose={close} onConfirm={async () => { await change(props.account.id, { disabled: true }); done(words().disabled(email())); }}><p>{words().disableText(email())}</p></Confirm>
        </Match>
        <Match when={asked() === "remove"}>
          <Confirm title={words().removeAction} action={words().removeAction} type_name={email()} onClose={close} onConfirm={async () => { await remove(props.account.id); done(words().removed(email())); }}>
            <p>{words().removeText(email())}</p><p class="dim">{words().removeOwned}</p>
          </Confirm>
        </Match>
      </Switch>
    </>
  );
}
