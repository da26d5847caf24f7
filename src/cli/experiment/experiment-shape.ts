import { z } from "zod";

// What this program does not know goes on into its JSON.
/** An experiment as the API tells it. */
export const experimentShape = z.looseObject({
  name: z.string(),
  state: z.string(),
  since: z.string().nullable(),
  design: z.looseObject({
    route: z.string(),
    incumbent: z.string().optional(),
    mode: z.string().optional(),
    variants: z.union([z.record(z.string(), z.string()), z.array(z.string())]),
  }),
  design_changed: z.array(z.string()),
  problem: z.string().nullable(),
  phase: z.int().nullable(),
  winner: z.string().nullable(),
  why: z.string().nullable(),
  changed_by: z.string().nullable(),
  epoch: z.int(),
});

/** An experiment as a list has it. */
export type Experiment = z.output<typeof experimentShape>;

/** Why an experiment is changed, and on what; both may be left out. */
export interface ChangeFlags {
  readonly why?: string;
  /** The epoch that it was seen with: changed since, it is not changed. */
  readonly epoch?: number;
}

/** The path of an experiment, or of something that is done with it. */
export function pathOf(name: string, operation?: string): string {
  return `/api/experiments/${encodeURIComponent(name)}${operation === undefined ? "" : `/${operation}`}`;
}

/** What an experiment is, in the columns of a table. */
export function columnsOf({ name, state, phase, design, winner, ...rest }: Experiment): readonly string[] {
  return [
    name,
    winner === null ? state : `${state} for ${winner}`,
    phase === null ? "" : `phase ${phase}`,
    designText(design),
    sinceText(rest),
  ];
}

/** What is not as it should be, a line for each. */
export function warningsOf({ problem, design_changed: changes }: Experiment): readonly string[] {
  return [
    ...(problem === null ? [] : [`    ! ${problem}`]),
    ...changes.map((change) => `    ~ not taken over while it goes on: ${change}`),
  ];
}

function designText({ route, incumbent, mode, variants }: Experiment["design"]): string {
  const shares = Array.isArray(variants)
    ? variants
    : Object.entries(variants).map(([variant, share]) => `${variant} ${share}`);
  const how = mode === undefined || mode === "split" ? "" : `${mode} `;
  return `${how}${route}${incumbent === undefined ? "" : ` of ${incumbent}`}: ${shares.join(", ")}`;
}

function sinceText({ since, why, changed_by: by }: Pick<Experiment, "since" | "why" | "changed_by">): string {
  return [
    ...(since === null ? [] : [`since ${since}`]),
    ...(by === null ? [] : [`by ${by}`]),
    ...(why === null ? [] : [`(${why})`]),
  ].join(" ");
}
