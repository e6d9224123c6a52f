import { SafebaseError } from "@safebase/contracts";
import type { Part } from "./parts.ts";
import { faultOf } from "./errors.ts";

/** How the server is told what it should have received: by a SHA-256, or by an MD5 where it knows none. */
export type ChecksumKind = "sha256" | "md5";

type Answer = { ETag?: string | undefined; ChecksumSHA256?: string | undefined; ServerSideEncryption?: string | undefined };
type Fields = { ChecksumAlgorithm: "SHA256"; ChecksumSHA256: string } | { ContentMD5: string };

/**
 * Begins with SHA-256, which the server compares with what arrived. A server that refuses it gets Content-MD5, which
 * all know; one that passes over it is caught by its answer, whose ETag is then compared here.
 */
export class Checksums {
  kind: ChecksumKind = "sha256";

  /** The fields of a request that carries the part. */
  async fields(part: Part): Promise<Fields> {
    if (this.kind === "sha256") return { ChecksumAlgorithm: "SHA256", ChecksumSHA256: part.sha256.toString("base64") };
    return { ContentMD5: (await part.md5()).toString("base64") };
  }

  /** Throws when the answer shows other bytes than were sent. */
  async compare(part: Part, answer: Answer, what: string): Promise<void> {
    if (answer.ETag === undefined) throw new SafebaseError("storage_failed", `${what}: the storage did not confirm what it received`);
    if (answer.ChecksumSHA256 !== undefined) {
      if (answer.ChecksumSHA256 !== part.sha256.toString("base64")) throw damaged(what);
      return;
    }
    if (this.kind === "md5") return; // the server has compared
    this.kind = "md5";
    const etag = /^"?([0-9a-f]{32})"?$/.exec(answer.ETag ?? "")?.[1];
    const is_md5 = etag !== undefined && [undefined, "AES256"].includes(answer.ServerSideEncryption);
    if (is_md5 && etag !== (await part.md5()).toString("hex")) throw damaged(what);
  }

  /** Whether the server refused a request only for its SHA-256; then the next ones are sent with MD5. */
  fallsBack(error: unknown): boolean {
    if (this.kind === "md5") return false;
    const fault = faultOf(error);
    const refused = fault !== undefined && (fault.status === 501 || fault.status === 400) && /checksum|sdk-checksum|x-amz-sdk/i.test(fault.message);
    if (refused) this.kind = "md5";
    return refused;
  }
}

function damaged(what: string): SafebaseError {
  return new SafebaseError("storage_failed", `${what}: the storage received other bytes than were sent`);
}
