import { breakerDefaults, type BreakerSettings } from "#core/resilience/breaker.ts";
import type { LedgerRow } from "#emulator/ledger.ts";
import type { Claim } from "../claim.ts";
import { compare, type HandPrice } from "../ledger/compare.ts";
import { loneModels, sendMixture } from "../ledger/mixed-requests.ts";
import { readLog, totalCost } from "../ledger/read-log.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";

const configuration = (emulatorUrl: string, lone: readonly string[]): string => `
version: 1
providers:
${lone.map((name) => `  ${name}: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }`).join("\n")}
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
  in-house: { dialect: openai-chat, base_url: "${emulatorUrl}/v1", private_network: true, api_key: "\${IN_HOUSE_KEY}" }
deployments:
${lone.map((name) => `  at-${name}: { provider: ${name}, model: gemini-3.8-flash }`).join("\n")}
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
  qwen3-32b: { provider: in-house, model: qwen3-32b, price: { input: $0.10, cached_input: $0.02, output: $0.30 } }
variants:
${lone.map((name) => `  from-${name}: { pool: [at-${name}] }`).join("\n")}
  mixed-flash: { pool: [flash] }
  mixed-lite: { pool: [lite] }
  mixed-qwen: { pool: [qwen3-32b] }
routes:
${lone.map((name) => `  ${name}: { strategy: { use: from-${name} }, fallbacks: [mixed-lite, mixed-qwen] }`).join("\n")}
  mixed: { strategy: { weighted: { mixed-flash: 60%, mixed-lite: 40% } }, fallbacks: [mixed-lite, mixed-qwen] }
`;

/** One request in three fails: a breaker would keep the rest from being asked at all, and there would be nothing to compare. */
const neverOpen: BreakerSettings = {
  ...breakerDefaults,
  failuresInRow: Number.MAX_SAFE_INTEGER,
  successShareMin: 0,
};
/** Attempts for each request, at least: with fewer the faults have kept requests from being served, and little is proven. */
const attemptsShareMin = 1;

/** Prices by the day from which they hold, the newest first; written down here once more, by hand. */
const prices: Readonly<Record<string, readonly (HandPrice & { readonly from: number })[]>> = {
  "gemini-3.8-flash": [
    { from: Date.UTC(2027, 0, 1), input: 1_500_000n, cached: 150_000n, output: 7_500_000n },
    { from: 0, input: 750_000n, cached: 75_000n, output: 3_750_000n },
  ],
  "gemini-3.5-flash-lite": [{ from: 0, input: 300_000n, cached: 30_000n, output: 2_500_000n }],
  "gemini-4-argon": [
    { from: Date.UTC(2026, 11, 1), input: 4_000_000n, cached: 200_000n, output: 20_000_000n },
    { from: 0, input: 2_000_000n, cached: 100_000n, output: 10_000_000n },
  ],
  "qwen3-32b": [{ from: 0, input: 100_000n, cached: 20_000n, output: 300_000n }],
};

/** The log against what the emulator knows that it served, request by request and in sum. */
export const claim: Claim = {
  id: "ledger",
  title:
    "Mixed requests with faults and leaving clients: every attempt once in the log, tokens and cost as served",
  wanted:
    "0 differences to the emulator's ledger, an attempt for each request at least; the log's sums equal those of its rows",
  async run({ short }) {
    const count = short ? 1_200 : 20_000;
    await using signalbox = await startProofSignalbox({
      configuration: (emulatorUrl) => configuration(emulatorUrl, loneModels(count)),
      environment: { IN_HOUSE_KEY: "any" },
      breaker: neverOpen,
    });
    await sendMixture(signalbox.url, count);
    const log = await readLog(signalbox.url, count);
    const rows = await signalbox.emulator.ledger();
    const found = compare(log, rows.filter(isAnswer), priceOf);
    const sum = log.reduce((total, { cost }) => total + (cost?.pico_dollars ?? 0n), 0n);
    const attempted = log.reduce(
      (total, { attempts }) =>
        total + attempts.reduce((part, { cost }) => part + (cost?.pico_dollars ?? 0n), 0n),
      0n,
    );
    const total = await totalCost(signalbox.url, count);
    const sumsEqual = sum === attempted && sum === total.picoDollars && total.requests === count;
    const unequal = sumsEqual
      ? []
      : [
          `sums: ${attempted} of attempts, ${sum} of requests, ${total.picoDollars} of ${total.requests} in totals`,
        ];
    const differences = [...found.differences, ...unequal];
    return {
      ok:
        log.length === count &&
        found.attempts === found.rows &&
        found.attempts >= count * attemptsShareMin &&
        differences.length === 0,
      figure: `${differences.length} differences in ${log.length} requests, ${found.attempts} attempts (${found.equal} whole, ${found.refused} refused, ${found.broken} broken), ${found.rows} in the ledger; ${sum} pico-dollars in all three sums`,
      details: differences.slice(0, 20),
    };
  },
};

/** Whether a row is of a request for an answer. Probes, which look at models and are not billed, are no attempts. */
function isAnswer({ path }: LedgerRow): boolean {
  return !/\/models(?:\/[^/:]+)?$/.test(path);
}

function priceOf({ model, timeMs }: LedgerRow): HandPrice {
  const price = prices[model]?.find(({ from }) => from <= timeMs);
  if (!price) throw new Error(`No price is written down for "${model}"`);
  return price;
}
