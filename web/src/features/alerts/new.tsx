import { A, useNavigate } from "@solidjs/router";
import { t } from "../../i18n/i18n.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { toast } from "../../ui/toasts.tsx";
import { ChannelForm } from "./channel-form.tsx";
import "./alerts.css";

/** Somebody, or something, more is told. */
export default function NewChannelPage() {
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={t().alerts.newTitle} above={<A href="/alerts" class="small">{t().alerts.title}</A>} />
      <ChannelForm onSaved={({ channel }) => { toast("good", t().alerts.added(channel.name)); navigate("/alerts"); }}><ButtonLink href="/alerts" look="quiet">{t().form.cancel}</ButtonLink></ChannelForm>
    </>
  );
}
