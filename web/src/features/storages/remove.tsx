import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Storage } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { CheckField } from "../../ui/field.tsx";
import { toast } from "../../ui/toasts.tsx";

/** Takes a storage away; what stands against it is said in the dialog. */
export function RemoveStorage(props: { storage: Storage }) {
  const navigate = useNavigate();
  const [open, setOpen] = createSignal(false);
  const [forget, setForget] = createSignal(false);
  const words = () => t().storages.remove;
  const remove = async (): Promise<void> => {
    await ask(api.storages[":id"].$delete({ param: { id: String(props.storage.id) }, query: forget() ? { forget: "true" } : {} }));
    toast("good", words().done(props.storage.name));
    navigate("/storages");
  };
  return (
    <>
      <Button icon="trash" onClick={() => { setForget(false); setOpen(true); }}>{words().action}</Button>
      <Show when={open()}>
        <Confirm title={words().title(props.storage.name)} action={words().action} onConfirm={remove} onClose={() => setOpen(false)} {...(forget() ? { type_name: props.storage.name } : {})}>
          <p>{props.storage.copies.count > 0 ? words().holds(props.storage.copies.count) : words().text}</p>
          <Show when={props.storage.copies.count > 0}><CheckField name="forget" label={words().forget} hint={words().forgetHint} checked={forget()} onChange={setForget} /></Show>
        </Confirm>
      </Show>
    </>
  );
}
