import { open } from "node:fs/promises";
import { z } from "zod";
import type { Output } from "#cli/output.ts";
import { ClientError } from "#client/client-error.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { periodMs } from "#core/kernel/period.ts";

/** What is taken out of the request log. */
export interface LogDataFlags {
  readonly route: string;
  /** How far back, such as `7d`. */
  readonly since: string;
  /** Only requests with such feedback: `thumbs<0.5`. */
  readonly feedback?: string;
  readonly out: string;
  readonly limit: number;
}

/** Requests of a page. */
const pageSize = 200;
/** Items of a file, at most. */
const itemsMax = 100_000;
/** Entries of the log that are looked at, at most. */
const lookedAtMax = 2_000_000;

const requestPage = z.object({
  requests: z.array(
    z.object({ id: z.string(), variant: z.string().nullable(), capture: z.string().nullable() }),
  ),
  next_cursor: z.string().nullable(),
});
const feedbackPage = z.object({
  feedback: z.array(
    z.object({
      subject: z.string(),
      subject_id: z.string(),
      score: z.number().nullable(),
      outcome: z.unknown(),
    }),
  ),
  next_cursor: z.string().nullable(),
});
const content = z.object({ request: z.string(), response: z.string(), truncated: z.boolean() });

const askedShape = z.looseObject({ messages: z.array(z.record(z.string(), z.json())).min(1) });
const answeredShape = z.looseObject({
  candidates: z
    .array(
      z.looseObject({ parts: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })) }),
    )
    .min(1),
});

/**
 * `signalbox data from-log`: requests whose content was kept, as items, newest first. What was redacted stays so.
 * @throws AppError `invalid-request` for a period or feedback that is written otherwise, ClientError
 */
export async function dataFromLog(server: ServerAddress, flags: LogDataFlags, output: Output): Promise<void> {
  const { route, out, limit } = flags;
  const from = new Date(Date.now() - sinceMs(flags.since)).toISOString();
  const scores =
    flags.feedback === undefined ? undefined : await feedbackOf(server, { ...flags, from }, flags.feedback);
  const counts = { items: 0, no_feedback: 0, no_content: 0, cut: 0, other_dialect: 0 };
  // What people wrote is for whoever asked for it alone.
  await using file = await open(out, "w", 0o600);
  for await (const { id, variant } of pages(
    server,
    `/api/requests?${query({ route, from })}`,
    requestPage,
    "requests",
  )) {
    if (counts.items === Math.min(limit, itemsMax)) break;
    const score = scores?.get(id);
    if (scores && score === undefined) {
      counts.no_feedback++;
      continue;
    }
    const item = await itemOf(server, id);
    if (typeof item === "string") counts[item]++;
    else {
      counts.items++;
      const tags = { route, ...(variant !== null && { variant }) };
      await file.write(
        `${JSON.stringify({ id, ...item, tags, ...(score !== undefined && { feedback: score }) })}\n`,
      );
    }
  }
  output.result({ json: { file: out, ...counts }, lines: linesOf(out, counts) });
}

function sinceMs(since: string): number {
  const ms = periodMs(since);
  if (ms !== undefined) return ms;
  throw new AppError(
    "invalid-request",
    `Cannot take data out of the log: a period such as 7d is wanted, it is "${since}"`,
  );
}

type Content = { readonly messages: unknown; readonly answer: string };

/** What was asked and answered, or why there is nothing to ask. */
async function itemOf(
  server: ServerAddress,
  id: string,
): Promise<Content | "no_content" | "cut" | "other_dialect"> {
  const kept = await contentOf(server, id);
  if (!kept) return "no_content";
  if (kept.truncated) return "cut";
  const asked = askedShape.safeParse(parsed(kept.request));
  if (!asked.success) return "other_dialect";
  const answered = answeredShape.safeParse(parsed(kept.response));
  const parts = answered.success ? (answered.data.candidates[0]?.parts ?? []) : [];
  const answer = parts
    .flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : []))
    .join("");
  return { messages: asked.data.messages, answer };
}

async function contentOf(server: ServerAddress, id: string): Promise<z.infer<typeof content> | undefined> {
  try {
    return await callControlPlane(server, { method: "GET", path: `/api/requests/${id}/content` }, content);
  } catch (error) {
    if (error instanceof ClientError && error.code === "not-found") return undefined;
    throw error;
  }
}

const comparisons: ReadonlyMap<string, (value: number, bound: number) => boolean> = new Map([
  ["<", (value, bound) => value < bound],
  ["<=", (value, bound) => value <= bound],
  [">", (value, bound) => value > bound],
  [">=", (value, bound) => value >= bound],
  ["=", (value, bound) => value === bound],
]);

/** The scores that are as is asked, by request. */
async function feedbackOf(
  server: ServerAddress,
  { route, from }: { readonly route: string; readonly from: string },
  written: string,
): Promise<ReadonlyMap<string, number>> {
  const [, name = "", comparison = "", bound = ""] =
    /^(.+?)\s*(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)$/.exec(written) ?? [];
  const holds = comparisons.get(comparison);
  if (!holds)
    throw new AppError(
      "invalid-request",
      `Cannot take data out of the log: feedback such as thumbs<0.5 is wanted, it is "${written}"`,
    );
  const scores = new Map<string, number>();
  const path = `/api/feedback?${query({ name, route, state: "joined", from })}`;
  for await (const { subject, subject_id: id, score, outcome } of pages(
    server,
    path,
    feedbackPage,
    "feedback",
  )) {
    const value = score ?? outcome;
    if (subject === "request" && typeof value === "number" && holds(value, Number(bound)))
      scores.set(id, value);
    if (scores.size === itemsMax) break;
  }
  return scores;
}

/** All entries of a list that comes in pages. */
async function* pages<Key extends string, Entry>(
  server: ServerAddress,
  path: string,
  shape: z.ZodType<{ readonly [K in Key]: readonly Entry[] } & { readonly next_cursor: string | null }>,
  key: Key,
): AsyncGenerator<Entry> {
  let cursor = "";
  for (let lookedAt = 0; lookedAt < lookedAtMax; lookedAt += pageSize) {
    const page = await callControlPlane(
      server,
      { method: "GET", path: `${path}&limit=${pageSize}${cursor}` },
      shape,
    );
    yield* page[key];
    if (page.next_cursor === null) return;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

function query(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is told as content of another dialect.
    return undefined;
  }
}

function linesOf(out: string, counts: Readonly<Record<string, number>>): readonly string[] {
  const words: Readonly<Record<string, string>> = {
    no_feedback: "without such feedback",
    no_content: "without content",
    cut: "whose content is cut",
    other_dialect: "of another dialect than chat completions",
  };
  const passed = Object.entries(words).flatMap(([key, what]) =>
    counts[key] ? [`${counts[key]} ${what}`] : [],
  );
  return [
    `${counts["items"] ?? 0} items in ${out}`,
    ...(passed.length > 0 ? [`Passed over: ${passed.join(", ")}`] : []),
  ];
}
