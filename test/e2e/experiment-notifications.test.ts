import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { verifyWebhook } from "#core/kernel/webhook-signature.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const secret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

interface Taken {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const taken: Taken[] = [];
let server: Server;
let box: TestSignalbox;

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const isHook = request.url === "/hook";
  if (isHook) taken.push({ headers: request.headers, body });
  response.writeHead(isHook ? 204 : 503).end();
}

beforeAll(async () => {
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const configuration = `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments: { flash: { provider: google, model: gemini-3.5-flash-lite } }
variants:
  long: { pool: [flash] }
  short: { pool: [flash], parameters: { max_output_tokens: 90 } }
routes: { chat: { strategy: { use: long } } }
experiments:
  shorter:
    route: chat
    variants: { long: 50%, short: 50% }
    primary: { output_tokens: { minimum_effect: -5% } }
    guardrails: { error_rate: +20pp }
    minimum: { units: 20, days: 0 }
notifications:
  bot: { url: "http://127.0.0.1:${port}/hook", secret: "\${HOOK_SECRET}", private_network: true }
  broken: { url: "http://127.0.0.1:${port}/broken", secret: "\${HOOK_SECRET}", private_network: true }
`;
  box = await startTestSignalbox({
    configuration,
    variables: { HOOK_SECRET: secret },
    notifications: { roundMs: 50, everyMs: 200 },
  });
});
afterAll(async () => {
  await box.close();
  server.close();
});

async function ask(conversation: number): Promise<void> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-conversation": `c${conversation}` },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: `Tell me ${conversation}` }] }),
  });
  await response.arrayBuffer();
}

/** What was posted, in the order in which it came; every call signed. */
function told() {
  return taken.map(({ headers, body }) => {
    const [id, timestamp, signature] = ["id", "timestamp", "signature"].map((name) =>
      String(headers[`webhook-${name}`]),
    );
    const message = { id: id ?? "", timestamp: timestamp ?? "", signature: signature ?? "", body, secret };
    expect(verifyWebhook(message, Date.now()).ok).toBe(true);
    return posted.parse(JSON.parse(body));
  });
}

const posted = z.looseObject({
  type: z.string(),
  data: z.looseObject({
    experiment: z.literal("shorter"),
    verdict: z.looseObject({ decision: z.string(), sentence: z.string() }).nullable(),
  }),
});

test("an address is told of a start, of the verdict and of the end, and one that does not take it is shown", async () => {
  expect((await runSignalbox(box.url, "experiment", "start", "shorter")).status).toBe(0);
  await box.eventually(() => taken.length === 1);
  expect(told()).toMatchObject([{ type: "experiment.started" }]);

  const status = async () => (await runSignalbox(box.url, "experiment", "status", "shorter")).out;
  await box.eventually(async () =>
    /! experiment\.started to broken waiting after \d attempts: answered 503; next at /.test(await status()),
  );

  for (let from = 0; from < 400; from += 40)
    await Promise.all(Array.from({ length: 40 }, (_, at) => ask(from + at)));
  await box.eventually(() => taken.length === 2);
  expect(told()[1]).toMatchObject({
    type: "experiment.verdict_changed",
    data: { verdict: { decision: "ship", variant: "short" } },
  });
  expect(await status()).toMatch(/verdict at .*: Ship short: /);

  expect((await runSignalbox(box.url, "experiment", "stop", "shorter")).status).toBe(0);
  await box.eventually(() => taken.length === 3);
  expect(told()[2]).toMatchObject({ type: "experiment.stopped", data: { verdict: { decision: "ship" } } });
});
