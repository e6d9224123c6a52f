import { randomUUID } from "node:crypto";
import { ChannelTestRequest, asSafebaseError, noticeOf, subjects, type ChannelTestReply } from "@safebase/contracts";
import type { Bus } from "@safebase/runtime";
import type { Post } from "./post.ts";

const LIMIT_MS = 30_000;

/** Answers those who try a channel out: sends a real message at once, and tells what the other side said. */
export async function answerTests(bus: Bus, post: Post, public_url: string | undefined): Promise<AsyncDisposable> {
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  const responder = await bus.respond(subjects.channelTest, "notifiers", (payload) => {
    const reply = tryOut(payload, post, public_url, stopping.signal).finally(() => running.delete(reply));
    running.add(reply);
    return reply;
  });
  return {
    [Symbol.asyncDispose]: async () => {
      responder[Symbol.dispose]();
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function tryOut(payload: unknown, post: Post, public_url: string | undefined, signal: AbortSignal): Promise<ChannelTestReply> {
  const started = performance.now();
  const elapsed_ms = (): number => Math.round(performance.now() - started);
  try {
    const { channel } = ChannelTestRequest.parse(payload);
    const id = `test-${randomUUID()}`;
    const notices = [noticeOf("backup_completed", id, new Date().toISOString())];
    const told = await post.deliver(channel, { id, notices, test: true, language: channel.language, public_url }, signal, LIMIT_MS);
    if (told.ok) return { ok: true, answer: told.answer, elapsed_ms: elapsed_ms() };
    return { ok: false, failure: told.failure, elapsed_ms: elapsed_ms() };
  } catch (error) {
    const { message } = asSafebaseError(error);
    return { ok: false, failure: { code: "internal", message: `the notifier could not understand the request: ${message}` }, elapsed_ms: elapsed_ms() };
  }
}
