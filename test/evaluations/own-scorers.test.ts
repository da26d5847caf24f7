import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { json, text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { z } from "zod";
import { run } from "#cli/program.ts";
import { verifyWebhook } from "#core/kernel/webhook-signature.ts";
import { readRunLines } from "#features/evaluations/index.ts";
import { startTestSignalbox } from "../support/test-signalbox.ts";

const secret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const posted = z.object({
  target: z.string(),
  item: z.object({ id: z.string() }),
  answer: z.object({ text: z.string() }),
});

async function scored(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const header = (name: string) => String(request.headers[name]);
  const message = {
    id: header("webhook-id"),
    timestamp: header("webhook-timestamp"),
    signature: header("webhook-signature"),
  };
  const verified = verifyWebhook({ ...message, body, secret }, Date.now());
  const { target, item, answer } = posted.parse(JSON.parse(body));
  response.writeHead(verified.ok ? 200 : 401, { "content-type": "application/json" });
  const reason = `${target}, ${item.id}`;
  response.end(JSON.stringify({ value: answer.text.length, passed: answer.text.length < 10, reason }));
}

/** A server of somebody's own that likes short answers of who knows the secret. */
async function startScores() {
  const server = createServer((request, response) => void scored(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/short`, [Symbol.dispose]: () => server.close() };
}

test("a server, a module and a model that embeds score the same answers", { timeout: 60_000 }, async () => {
  await using signalbox = await startTestSignalbox();
  using scores = await startScores();
  const folder = await mkdtemp(join(tmpdir(), "signalbox-own-scorers-"));
  try {
    await writeFile(
      join(folder, "loud.ts"),
      `console.log("never on the output");
       export default ({ text, target }: { text: string; target: string }) =>
         ({ value: text === text.toUpperCase(), reason: target });`,
    );
    const items = [
      { id: "same", question: "[[say:Good evening]]", answer: "Good evening" },
      { id: "other", question: "[[say:YES]]", answer: "The bakery opens at six." },
    ];
    await writeFile(join(folder, "items.json"), JSON.stringify(items));
    const file = join(folder, "evaluation.json");
    await writeFile(
      file,
      JSON.stringify({
        name: "own",
        data: { file: "items.json" },
        prompt: "{{question}}",
        targets: { flash: { model: "chat/chat-flash" } },
        scorers: {
          short: { kind: "http", url: scores.url, secret_env: "SCORER_SECRET" },
          loud: { kind: "module", file: "loud.ts" },
          near: {
            kind: "embedding_similarity",
            model: "compatible-embedding",
            reference: "answer",
            pass_at: 0.9,
          },
        },
      }),
    );
    const out = join(folder, "run");
    const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
    const environment = { SIGNALBOX_URL: signalbox.url, SCORER_SECRET: secret };
    const status = await run(["eval", "run", file, "--out", out, "--json"], environment, streams);
    streams.stdout.end();
    expect({ status, said: await json(streams.stdout) }).toMatchObject({ status: 0, said: { done: 2 } });
    const lines = await Array.fromAsync(readRunLines(join(out, "records.jsonl")));
    const records = lines.flatMap((line) => (line.kind === "finished" ? [line.record] : []));
    const [same, other] = records.toSorted((one, two) => two.item.localeCompare(one.item));
    expect(same).toMatchObject({
      scores: {
        short: { value: 12, passed: false, reason: "flash, same" },
        loud: { value: 0, passed: false, reason: "flash" },
        near: { value: expect.closeTo(1, 6), passed: true },
      },
      judging: { calls: 1 },
    });
    expect(other).toMatchObject({
      scores: {
        short: { value: 3, passed: true },
        loud: { value: 1, passed: true },
        near: { value: expect.any(Number), passed: false },
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
