import { z } from "zod";

/** How an agent asks in each turn: of which model, with what words, and whether tools must be called. */
export interface Turn {
  readonly model: string;
  /** Words of the user beside the results of the turn before; without any the model's turn goes on. */
  readonly words: string | undefined;
  readonly mustCall: boolean;
  /** Whether its dialect asks for the model's thoughts, where it can ask for them turn by turn. */
  readonly thinks: boolean;
}

/** What came of a turn. */
export interface Told {
  /** The request's id, as the answer has it. */
  readonly id: string;
  /** How many tools it called. */
  readonly calls: number;
  readonly text: string;
}

/** A client in the middle of a conversation, which keeps what it got as its guides and frameworks do. */
export interface Agent {
  ask(turn: Turn): Promise<Told>;
}

/** Starts an agent before the gateway at an address. */
export type AgentKind = (way: { readonly url: string; readonly streams: boolean }) => Agent;

/** Turns in which the script has tools called; the answer comes behind them. */
export const turns = 10;

/** The one tool that agents have. */
export const weather = {
  name: "get_weather",
  description: "Weather of a city",
  input: z.object({ city: z.string() }),
  /** What it tells of any city. */
  output: "21",
} as const;

/** What the record of a request says of what its pairing could not carry. */
export interface NamedWarning {
  readonly code: string;
  readonly field: string;
}

/** How an agent fared. */
export interface AgentRun {
  /** Warnings of each turn. */
  readonly warnings: readonly (readonly NamedWarning[])[];
  /** Calls of each turn. */
  readonly calls: readonly number[];
  readonly answer: string;
}

const recorded = z.object({
  decision: z.object({ warnings: z.array(z.object({ code: z.string(), field: z.string() })) }),
});

/**
 * The script of all agents: tools are called for ten turns, two at a time in every third, and what came goes back.
 * @param world which model serves a turn, and what the log has of a request
 */
export async function runAgent(
  agent: Agent,
  world: { readonly modelOf: (turn: number) => string; readonly record: (id: string) => Promise<unknown> },
): Promise<AgentRun> {
  const warnings: (readonly NamedWarning[])[] = [];
  const calls: number[] = [];
  let words: string | undefined = "Compare the weather of ten cities";
  let answer = "";
  for (let turn = 0; turn <= turns; turn++) {
    const asked = { model: world.modelOf(turn), words, mustCall: turn < turns, thinks: turn % 2 === 0 };
    const told = await agent.ask(asked);
    warnings.push(recorded.parse(await world.record(told.id)).decision.warnings);
    calls.push(told.calls);
    answer = told.text;
    // Most results come alone, so that the turn goes on and its signatures are asked for.
    words = turn % 3 === 1 ? "[[calls=2]] And the next two?" : undefined;
  }
  return { warnings, calls, answer };
}
