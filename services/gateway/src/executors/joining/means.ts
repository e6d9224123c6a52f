import { SafebaseError } from "@safebase/contracts";
import { ConfigError, natsSigningOf, type Config, type NatsSigning } from "@safebase/runtime";

/** What an executor elsewhere needs of this installation to join it. */
export interface Means { readonly signing: NatsSigning; readonly nats_url: string; readonly nats_ca: string | null }

const SEE = "docs/executor-groups.md says how";

/** Throws `conflict` where this installation was not set up for executors on other machines, and says what is to be set. */
export function joiningMeans(config: Config): Means {
  const signing = signingOf(config);
  if (signing === undefined) {
    throw new SafebaseError("conflict", "no executor can join: SafeBase has no key to make credentials for its NATS with", {
      hint: `run SafeBase on a secured NATS and set SAFEBASE_NATS_SIGNING_KEY and SAFEBASE_NATS_PUBLIC_URL: ${SEE}`,
    });
  }
  if (config.nats_public_url === undefined) {
    throw new SafebaseError("conflict", "no executor can join: it is not known at which address it would reach NATS", { hint: `set SAFEBASE_NATS_PUBLIC_URL, such as tls://safebase.example.org:4222: ${SEE}` });
  }
  return { signing, nats_url: config.nats_public_url, nats_ca: config.nats_ca ?? null };
}

function signingOf(config: Config): NatsSigning | undefined {
  try {
    return natsSigningOf(config);
  } catch (error) {
    if (error instanceof ConfigError) throw new SafebaseError("conflict", error.message, { hint: SEE, cause: error });
    throw error;
  }
}
