import { createSignal, Match, Show, Switch } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Key } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { session } from "../session/session.ts";
import { KeepIdentity, RenameKey, ReplaceKey } from "./key-dialogs.tsx";
import type { Use } from "./use.ts";

type Doing = "away" | "keep" | "rename" | "replace" | "retire" | "delete";

/** What can be done with a key; what stands against it is said in the dialog. Its identity is its owner's alone. */
export function KeyActions(props: { of: Key; use: Use; again: () => void; onTake: () => void }) {
  const [doing, setDoing] = createSignal<Doing>();
  const words = () => t().keys;
  const close = (): void => { setDoing(undefined); props.again(); };
  const isMine = (): boolean => { const now = session(); return now.state === "in" && now.user.id === props.of.user_id; };
  const param = () => ({ param: { id: String(props.of.id) }, query: {} });
  const retire = async (retired: boolean): Promise<void> => { await ask(api.keys[":id"].$put({ ...param(), json: { retired } })); };
  const bringBack = (): void => { retire(false).then(props.again, (error: unknown) => toast("bad", saidOf(error))); };
  return (
    <Show when={may("manage", props.of.user_id)}>
      <div class="key-actions">
        <Show when={isMine()}>
          <Show when={props.of.identity_kept} fallback={<Button icon="shield" onClick={() => setDoing("keep")}>{words().keep.action}</Button>}>
            <Button icon="download" onClick={props.onTake}>{words().take.action}</Button>
            <Button onClick={() => setDoing("away")}>{words().keepAway.action}</Button>
          </Show>
          <Show when={props.of.retired_at === null}><Button icon="restore" onClick={() => setDoing("replace")}>{words().replace.action}</Button></Show>
        </Show>
        <Button look="quiet" icon="edit" onClick={() => setDoing("rename")}>{words().rename.action}</Button>
        <Show when={props.of.retired_at === null} fallback={<Button look="quiet" onClick={bringBack}>{words().bringBack}</Button>}><Button look="quiet" onClick={() => setDoing("retire")}>{words().retire.action}</Button></Show>
        <Button look="quiet" icon="trash" onClick={() => setDoing("delete")}>{words().delete.action}</Button>
      </div>
      <Switch>
        <Match when={doing() === "away"}><Confirm title={words().keepAway.title(props.of.name)} action={words().keepAway.action} type_name={props.of.name} onConfirm={async () => { await ask(api.keys[":id"].identity.$delete(param())); }} onClose={close}><p>{words().keepAway.text}</p></Confirm></Match>
        <Match when={doing() === "retire"}><Confirm title={words().retire.title(props.of.name)} action={words().retire.action} onConfirm={() => retire(true)} onClose={close}><p>{words().retire.text}</p></Confirm></Match>
        <Match when={doing() === "delete"}><Confirm title={words().delete.title(props.of.name)} action={words().delete.action} onConfirm={async () => { await ask(api.keys[":id"].$delete(param())); }} onClose={close}><p>{words().delete.text}</p></Confirm></Match>
        <Match when={doing() === "keep"}><KeepIdentity of={props.of} onClose={close} /></Match>
        <Match when={doing() === "rename"}><RenameKey of={props.of} onClose={close} /></Match>
        <Match when={doing() === "replace"}><ReplaceKey of={props.of} use={props.use} onClose={close} /></Match>
      </Switch>
    </Show>
  );
}
