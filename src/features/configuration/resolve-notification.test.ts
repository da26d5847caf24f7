import { expect, test } from "vitest";
import { loadConfiguration } from "./load-configuration.ts";
import { problemText } from "./problem.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const variables: Readonly<Record<string, string>> = { HOOK_SECRET: secret, SHORT: "abcd", TOKEN: "t0" };

function loaded(notification: string) {
  const text = `version: 1
providers: { eu: { dialect: openai-chat, base_url: "https://eu.example/v1" } }
deployments: { d: { provider: eu, model: m } }
variants: { fast: { pool: [d] }, cheap: { pool: [d] } }
routes: { support: { strategy: { use: fast } } }
experiments: { tone: { route: support, variants: { fast: 50%, cheap: 50% } } }
notifications: { bot: ${notification} }
`;
  return loadConfiguration(text, (name) => variables[name], { chains: [] });
}

test("an address is read with its secret apart, and what holds where nothing is written", () => {
  const read = loaded('{ url: "https://hooks.example/a?token=${TOKEN}", secret: "${HOOK_SECRET}" }');
  if (!read.ok) expect.unreachable(JSON.stringify(read.error));
  const { configuration, notificationSecrets } = read.value;
  expect(configuration.notifications.get("bot")).toEqual({
    name: "bot",
    url: "https://hooks.example/a?token=t0",
    privateNetwork: false,
    everyMs: 300_000,
  });
  expect(notificationSecrets.get("bot")?.reveal()).toBe(secret);
  expect(JSON.stringify(configuration)).not.toContain(secret);
});

test("all that may be written is kept", () => {
  const read = loaded(
    '{ url: "http://10.0.0.5/hook", secret: "${HOOK_SECRET}", private_network: true, every: 1h, experiments: [tone], public_url: "https://signalbox.example/" }',
  );
  if (!read.ok) expect.unreachable(JSON.stringify(read.error));
  expect(read.value.configuration.notifications.get("bot")).toMatchObject({
    privateNetwork: true,
    everyMs: 3_600_000,
    experiments: new Set(["tone"]),
    publicUrl: "https://signalbox.example",
  });
});

const url = 'url: "https://hooks.example/a"';
const held = 'secret: "${HOOK_SECRET}"';

test.each([
  [`{ ${url} }`, "secret: wanted a reference to an environment variable such as ${SIGNALBOX_WEBHOOK_SECRET}"],
  [`{ ${url}, secret: "${secret}" }`, "a text that is not shown"],
  [`{ ${url}, secret: "\${NONE}" }`, "wanted the environment variable NONE to hold the secret, got no such"],
  [`{ ${url}, secret: "\${SHORT}" }`, "24 to 64 bytes in base64"],
  [`{ url: "http://hooks.example/a", ${held} }`, "wanted https, or private_network: true"],
  [`{ url: "https://127.0.0.1/a", ${held} }`, "wanted a public address, or private_network: true"],
  [`{ url: "https://a:b@hooks.example/a", ${held} }`, "a URL without user and password"],
  [`{ url: "hooks.example", ${held} }`, "an http or https URL such as https://hooks.example.com/signalbox"],
  [`{ ${url}, ${held}, experiments: [tonne] }`, 'wanted one of tone (did you mean "tone"?), got "tonne"'],
  [`{ ${url}, ${held}, every: 10s }`, 'wanted a duration from 1m to 24h, got "10s"'],
  [
    `{ ${url}, ${held}, public_url: signalbox }`,
    "an http or https URL such as https://signalbox.example.com",
  ],
  [`{ ${url}, ${held}, events: all }`, "an unknown key"],
])("%s is refused with what is wanted", (written, wanted) => {
  const read = loaded(written);
  if (read.ok) expect.unreachable("a problem is wanted");
  const texts = read.error.map((problem) => problemText(problem, "f.yaml"));
  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain(wanted);
  expect(texts[0]).toMatch(/^f\.yaml:7:/);
  expect(texts[0]).not.toContain(secret);
});
