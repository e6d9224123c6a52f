import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, ListObjectsV2Command, ListPartsCommand } from "@aws-sdk/client-s3";
import type { MultipartUpload } from "@aws-sdk/client-s3";
import { SafebaseError } from "@safebase/contracts";
import { isKey } from "../keys.ts";
import type { ObjectEntry } from "../storage.ts";
import { faultOf } from "./errors.ts";
import { notAnObject } from "./look.ts";
import type { Requests } from "./requests.ts";

/** Every object below the root whose key starts with the prefix, page by page; the server gives them in the byte order of the keys. */
export async function* listObjects(requests: Requests, root: string, prefix: string): AsyncGenerator<ObjectEntry> {
  const { bucket } = requests.config;
  let token: string | undefined;
  do {
    const page = await requests.send("cannot list the storage", new ListObjectsV2Command({
      Bucket: bucket, Prefix: root + prefix, ...(token === undefined ? {} : { ContinuationToken: token }),
    }));
    if (page.Name === undefined && page.IsTruncated === undefined) throw notAnObject({ config: requests.config, what: "cannot list the storage" });
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      const key = Key?.startsWith(root) ? Key.slice(root.length) : "";
      if (isKey(key) && key.startsWith(prefix)) yield { key, size_bytes: Size ?? 0, modified_at: LastModified ?? new Date(0) };
    }
    token = nextPage(page.IsTruncated, page.NextContinuationToken, token);
  } while (token !== undefined);
}

/** Aborts uploads below the root that nothing was sent to for that long; answers the keys that they were for. */
export async function sweepUploads(requests: Requests, root: string, older_than_ms: number): Promise<string[]> {
  const stale: MultipartUpload[] = [];
  for await (const upload of listUploads(requests, root)) {
    if (isOld(upload.Initiated, older_than_ms) && isOld(await lastSent(requests, upload), older_than_ms)) stale.push(upload);
  }
  for (const { Key, UploadId } of stale) {
    await tolerating404(() => requests.send(`cannot remove the upload of ${Key}`, new AbortMultipartUploadCommand({ Bucket: requests.config.bucket, Key, UploadId })));
  }
  return stale.map(({ Key }) => (Key ?? "").slice(root.length));
}

async function* listUploads(requests: Requests, root: string): AsyncGenerator<MultipartUpload> {
  let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined;
  do {
    const page = await requests.send("cannot list the uploads of the storage", new ListMultipartUploadsCommand({
      Bucket: requests.config.bucket, Prefix: root, ...marker,
    }));
    yield* (page.Uploads ?? []).filter(({ Key }) => Key !== undefined && Key.startsWith(root) && isKey(Key.slice(root.length)));
    const next = nextPage(page.IsTruncated, page.NextKeyMarker && `${page.NextKeyMarker}\n${page.NextUploadIdMarker ?? ""}`, marker && `${marker.KeyMarker}\n${marker.UploadIdMarker ?? ""}`);
    marker = next === undefined ? undefined : { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  } while (marker !== undefined);
}

/** When the newest part of an upload arrived. */
async function lastSent(requests: Requests, { Key, UploadId }: MultipartUpload): Promise<Date | undefined> {
  let newest: Date | undefined;
  let marker: string | undefined;
  do {
    const page = await tolerating404(() => requests.send(`cannot look at the upload of ${Key}`, new ListPartsCommand({
      Bucket: requests.config.bucket, Key, UploadId, ...(marker === undefined ? {} : { PartNumberMarker: marker }),
    })));
    for (const { LastModified } of page?.Parts ?? []) if (LastModified && (!newest || LastModified > newest)) newest = LastModified;
    marker = nextPage(page?.IsTruncated, page?.NextPartNumberMarker, marker);
  } while (marker !== undefined);
  return newest;
}

/** Where to go on. A server that says there is more, and then where we are already, would keep us for ever. */
function nextPage(truncated: boolean | undefined, next: string | undefined, now: string | undefined): string | undefined {
  if (!truncated) return undefined;
  if (!next || next === now) throw new SafebaseError("storage_failed", "the storage says that its list goes on, but not where");
  return next;
}

function isOld(at: Date | undefined, older_than_ms: number): boolean {
  return at === undefined || Date.now() - at.getTime() >= older_than_ms;
}

async function tolerating404<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (faultOf(error)?.code === "NoSuchUpload") return undefined;
    throw error;
  }
}
