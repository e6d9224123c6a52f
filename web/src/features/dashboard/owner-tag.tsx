import { Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Tag } from "../../ui/badge.tsx";
import { session } from "../session/session.ts";

/** Whose it is, where it is not the reader's. */
export function OwnerTag(props: { owner: { readonly id: number; readonly email: string } | null }) {
  const other = () => {
    const now = session();
    return props.owner !== null && now.state === "in" && now.user.id !== props.owner.id ? props.owner : undefined;
  };
  return <Show when={other()}>{(owner) => <> <Tag>{t().dashboard.of(owner().email)}</Tag></>}</Show>;
}
