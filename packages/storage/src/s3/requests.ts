import type { $Command, S3Client, S3ClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes } from "@aws-sdk/client-s3";
import { abortError } from "../abort.ts";
import type { S3Config } from "./config.ts";
import { s3Error } from "./errors.ts";

type Command<I extends ServiceInputTypes, O extends ServiceOutputTypes> = $Command<I, O, S3ClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>;

/** Sends one request; what fails is told in our words. `what` begins the sentence: "cannot read a/b". */
export class Requests {
  readonly config: S3Config;
  readonly #client: S3Client;

  constructor(config: S3Config, client: S3Client) {
    this.config = config;
    this.#client = client;
  }

  async send<I extends ServiceInputTypes, O extends ServiceOutputTypes>(what: string, command: Command<I, O>, signal?: AbortSignal): Promise<O> {
    try {
      return await this.#client.send(command, signal ? { abortSignal: signal } : {});
    } catch (error) {
      if (signal?.aborted) throw abortError(signal);
      throw s3Error(this.config, what, error);
    }
  }
}
