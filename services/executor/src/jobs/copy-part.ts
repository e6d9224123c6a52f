import { openPart, type ManifestPart } from "@safebase/artifact";
import { asSafebaseError, type SafebaseError } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";

export interface CopyPartOptions { readonly signal: AbortSignal; readonly moved: (size_bytes: number) => void }

/** Copies the stored bytes of a part. Answers what is wrong with the source; a failure of the target, or of the job, is thrown. */
export async function copyPart(part: ManifestPart, from: Storage, target: Storage, { signal, moved }: CopyPartOptions): Promise<SafebaseError | undefined> {
  let failure: SafebaseError | undefined;
  async function* read(): AsyncGenerator<Uint8Array> {
    let handedOn = false; // then it is the target that fails, and ends the reading
    try {
      for await (const chunk of await openPart(from, part, { signal })) {
        moved((chunk as Uint8Array).length);
        handedOn = true;
        yield chunk as Uint8Array;
        handedOn = false;
      }
    } catch (error) {
      if (!handedOn) failure = asSafebaseError(error);
      throw error;
    }
  }
  try {
    await target.put(part.key, read(), { signal });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (failure === undefined) throw error;
    return failure;
  }
}
