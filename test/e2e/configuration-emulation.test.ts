import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSettings } from "#composition/load-settings.ts";
import { startSignalbox, type Signalbox } from "#composition/start-signalbox.ts";
import { startEmulator } from "#emulator/start-emulator.ts";

/** Several processes and databases start; a busy machine takes its time. */
const startMsMax = 120_000;
const adminKey = "an-administrator's-key";

/** A configuration of one provider that really answers, and one that may be emulated. */
function configuration(upstream: string, emulate: "always" | "never"): string {
  return `
version: 1
providers:
  in-house: { dialect: openai-chat, base_url: "${upstream}/v1", private_network: true, api_key: "\${KEY}" }
  google: { dialect: gemini, base_url: "${upstream}/v1beta", private_network: true, api_key: "\${KEY}", emulate: ${emulate} }
deployments:
  qwen: { provider: in-house, model: qwen3-32b }
  flash: { provider: google, model: gemini-3.8-flash }
variants:
  real: { pool: [qwen] }
  maybe: { pool: [flash] }
routes:
  real: { strategy: { use: real } }
  maybe: { strategy: { use: maybe } }
`;
}

/** Runs something with a Signalbox that starts without any emulation. */
async function withSignalbox(
  host: string,
  work: (signalbox: Signalbox, url: string, upstream: string) => Promise<void>,
): Promise<void> {
  await using upstream = await startEmulator();
  const dataDirectory = mkdtempSync(join(tmpdir(), "signalbox-emulation-"));
  try {
    await using signalbox = await startSignalbox({
      host,
      port: 0,
      configuration: {
        path: "signalbox.yaml",
        read: async () => configuration(upstream.url, "never"),
        load: (text) => loadSettings(text, (name) => (name === "KEY" ? "any" : undefined)),
        watch: false,
      },
      database: { kind: "memory" },
      dataDirectory,
      adminKey,
      logLevel: "error",
      emulation: { kind: "own", latency: "zero", seed: "test" },
    });
    await work(signalbox, `http://127.0.0.1:${new URL(signalbox.url).port}`, upstream.url);
  } finally {
    rmSync(dataDirectory, { recursive: true });
  }
}

function post(url: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${adminKey}` };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

function chat(url: string, model: string): Promise<Response> {
  return post(`${url}/v1/chat/completions`, { model, messages: [{ role: "user", content: "Hello" }] });
}

test(
  "a configuration that newly asks for emulation starts the emulator, and its answers are marked",
  async () => {
    await withSignalbox("127.0.0.1", async (signalbox, url, upstream) => {
      expect(signalbox.emulatorUrl).toBeUndefined();
      const applied = await post(`${url}/api/configuration/apply`, {
        text: configuration(upstream, "always"),
      });
      expect(applied.status).toBe(200);
      const answer = await chat(url, "maybe");
      expect([answer.status, answer.headers.get("x-signalbox-emulated")]).toEqual([200, "true"]);
      expect((await chat(url, "real")).headers.get("x-signalbox-emulated")).toBeNull();

      await post(`${url}/api/configuration/rollback`, { to: "1" });
      const real = await chat(url, "maybe");
      expect([real.status, real.headers.get("x-signalbox-emulated")]).toEqual([200, null]);
    });
  },
  startMsMax,
);

test(
  "beyond this machine a configuration that asks for emulation is refused, and nothing changes",
  async () => {
    await withSignalbox("0.0.0.0", async (signalbox, url, upstream) => {
      const applied = await post(`${url}/api/configuration/apply`, {
        text: configuration(upstream, "always"),
      });
      expect([applied.status, await applied.json()]).toMatchObject([
        422,
        {
          detail: expect.stringMatching(/^Cannot emulate provider "google": .* got the address 0\.0\.0\.0$/),
        },
      ]);
      expect(signalbox.emulatorUrl).toBeUndefined();
      expect((await chat(url, "real")).status).toBe(200);
      const versions = await fetch(`${url}/api/configuration/versions`, {
        headers: { authorization: `Bearer ${adminKey}` },
      });
      expect(await versions.json()).toMatchObject({ versions: [{ number: 1 }], next_before: null });
    });
  },
  startMsMax,
);
