import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Popover } from "../../ui/popover.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import type { OneChannel } from "./types.ts";

/** Whether who looks may change it: what the configuration says is changed there. */
export function mayChange({ source, user_id }: Pick<OneChannel, "source" | "user_id">): boolean {
  return source === "api" && may("manage", user_id);
}

/** What else can be done with a channel. */
export function ChannelMenu(props: { channel: OneChannel; onDeleted: () => void }) {
  const words = () => t().alerts;
  const [deleting, setDeleting] = createSignal(false);
  return (
    <>
      <Popover opener={<Icon name="more" size={18} />} label={words().more(props.channel.name)} opener_class="icon-button" panel_class="menu">{(close) => (
        <>
          <ButtonLink icon="list" href={`/alerts/deliveries?channel_id=${props.channel.id}`}>{words().itsDeliveries}</ButtonLink>
          <Show when={mayChange(props.channel)}>
            <ButtonLink icon="edit" href={`/alerts/${props.channel.id}`}>{words().edit}</ButtonLink>
            <Button icon="trash" look="danger" onClick={() => { close(); setDeleting(true); }}>{words().remove.action}</Button>
          </Show>
        </>
      )}</Popover>
      <Show when={deleting()}><DeleteChannel channel={props.channel} onClose={() => setDeleting(false)} onDone={props.onDeleted} /></Show>
    </>
  );
}

export function DeleteChannel(props: { channel: OneChannel; onClose: () => void; onDone: () => void }) {
  const words = () => t().alerts.remove;
  const remove = async (): Promise<void> => {
    await ask(api.channels[":id"].$delete({ param: { id: String(props.channel.id) }, query: {} }));
    toast("none", words().done(props.channel.name));
    props.onDone();
  };
  return <Confirm title={words().title(props.channel.name)} action={words().action} onConfirm={remove} onClose={props.onClose}><p>{words().text}</p></Confirm>;
}
