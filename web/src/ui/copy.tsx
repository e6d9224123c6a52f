import { createSignal } from "solid-js";
import { t } from "../i18n/i18n.ts";
import { Button } from "./button.tsx";
import { toast } from "./toasts.tsx";
import "./copy.css";

/** Text to take elsewhere, as it is, with a button that copies it. */
export function CopyText(props: { text: string; label: string }) {
  const [copied, setCopied] = createSignal(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.text);
      setCopied(true);
    } catch {
      toast("bad", t().form.copyByHand); // pages without TLS have no clipboard
    }
  };
  return (
    <div class="copy">
      <pre class="mono" tabindex="0" role="region" aria-label={props.label}>{props.text}</pre>
      <Button icon={copied() ? "check" : "copy"} label={`${t().form.copy}: ${props.label}`} onClick={() => void copy()}>{copied() ? t().form.copied : t().form.copy}</Button>
    </div>
  );
}
