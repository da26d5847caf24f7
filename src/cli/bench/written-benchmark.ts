import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import type { Environment } from "#environment/environment.ts";

/** What `signalbox bench` is told in flags. */
export interface BenchFlags {
  readonly url?: string;
  readonly target: readonly string[];
  readonly model?: string;
  readonly dialect?: string;
  readonly stream: boolean;
  readonly keyEnv?: string;
  readonly prices?: string;
  readonly prometheus?: string;
  readonly profile?: string;
  readonly rate?: number;
  readonly users?: number;
  readonly duration?: string;
  readonly from?: number;
  readonly to?: number;
  readonly rates?: readonly number[];
  readonly peak?: number;
  readonly spike?: string;
  readonly trace?: string;
  readonly speed?: number;
  readonly requests?: number;
  readonly warmup?: string;
  readonly repeats?: number;
  readonly seed?: number;
  readonly prompts?: string;
  readonly promptField?: string;
  readonly inputTokens?: string;
  readonly outputTokens?: string;
  readonly prefixTokens?: number;
  readonly prefixGroups?: number;
  readonly turns?: number;
  readonly thinkTime?: string;
  readonly cancelShare?: string;
  readonly cancelAfter?: string;
  readonly timeout?: string;
  readonly outstanding?: number;
  readonly slo?: string;
  readonly sloShare?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly csv?: string;
}

/** The variable with the key that commands send to Signalbox. */
export const signalboxKey = "SIGNALBOX_KEY";

/** Flags that say what is done with the report, not what is run. */
const reportFlags: ReadonlySet<string> = new Set(["html", "markdown", "csv"]);

/**
 * Refuses flags beside a file: one of both would go unheard.
 * @throws AppError `invalid-request`
 */
export function refuseBeside(file: string, { stream, target, ...flags }: BenchFlags): void {
  const given = [
    ...(stream ? [] : ["no-stream"]),
    ...(target.length > 0 ? ["target"] : []),
    ...Object.keys(flags).filter((name) => !reportFlags.has(name)),
  ];
  if (given.length === 0) return;
  const names = given.map((name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  throw new AppError(
    "invalid-request",
    `Cannot plan a benchmark: what "${file}" says alone is wanted, got ${names.join(", ")} besides`,
  );
}

/** Flags as a file would say them. */
export function writtenBenchmark(flags: BenchFlags, environment: Environment): object {
  const { requests, warmup, repeats, seed, turns, thinkTime, timeout, outstanding, slo, sloShare } = flags;
  const { cancelShare, cancelAfter = "500ms" } = flags;
  return present({
    targets: writtenTargets(flags, environment),
    profile: writtenProfile(flags),
    prompts: writtenPrompts(flags),
    requests,
    warmup,
    repeats,
    seed,
    turns,
    think_time: thinkTime,
    timeout,
    outstanding,
    slo: slo === undefined ? undefined : pairsOf("slo", slo),
    slo_share: sloShare,
    cancel: cancelShare === undefined ? undefined : { share: cancelShare, after: cancelAfter },
  });
}

function writtenTargets(flags: BenchFlags, { serverUrl, apiKey }: Environment): object {
  const { url, target, model, dialect, stream, keyEnv, prices, prometheus } = flags;
  if (url !== undefined && target.length > 0)
    throw new AppError("invalid-request", "Cannot plan a benchmark: --url or --target is wanted, got both");
  // The key of Signalbox goes to Signalbox alone.
  const isSignalbox = url === undefined && target.length === 0;
  const common = {
    model,
    dialect,
    stream,
    key_env: keyEnv ?? (isSignalbox && apiKey ? signalboxKey : undefined),
    prices: prices === undefined ? undefined : pricesOf(prices),
    prometheus,
  };
  const named = target.map((one) => Object.entries(pairsOf("target", one))).flat();
  const urls = named.length > 0 ? named : [[model ?? "target", url ?? serverUrl] as const];
  return Object.fromEntries(urls.map(([name, to]) => [name, present({ ...common, url: to })]));
}

/** As a file says them; a shell takes `$0` for something of its own, so that the sign may be left out. */
function pricesOf(text: string): object {
  const pairs = Object.entries(pairsOf("prices", text));
  return Object.fromEntries(
    pairs.map(([kind, price]) => [kind, price.startsWith("$") ? price : `$${price}`]),
  );
}

/** Each profile has flags of its own; one that it has not is refused by its schema. */
function writtenProfile(flags: BenchFlags): object {
  const {
    profile: kind = "constant",
    rate,
    users,
    duration,
    from,
    to,
    rates,
    peak,
    spike,
    trace,
    speed,
  } = flags;
  return present({ kind, rate, users, duration, from, to, rates, peak, spike, file: trace, speed });
}

function writtenPrompts(flags: BenchFlags): object | undefined {
  const { prompts, promptField, inputTokens, outputTokens, prefixTokens, prefixGroups } = flags;
  if (prompts !== undefined) {
    const bound = outputTokens === undefined ? undefined : Number(outputTokens);
    return present({ file: prompts, field: promptField, output_tokens: bound });
  }
  const sizes = present({
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    prefix_tokens: prefixTokens,
    prefix_groups: prefixGroups,
  });
  return Object.keys(sizes).length === 0 ? undefined : sizes;
}

/** `a=1,b=2` as a record. */
function pairsOf(flag: string, text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(",").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      if (at > 0) return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      throw new AppError(
        "invalid-request",
        `Cannot plan a benchmark: --${flag} name=value is wanted, got ${JSON.stringify(pair)}`,
      );
    }),
  );
}
