import type { ChainDefinition, ModuleStep } from "#core/chains/chain-definition.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import type { ChainModule } from "#frameworks/langchain/index.ts";
import type { ChatTransport } from "#frameworks/transport/chat-transport.ts";
import type { LedgerEntry, RunLedger } from "./run-ledger.ts";

/** How an answer came out: as wanted at once, as wanted when asked again, or not at all. */
export type AnswerOutcome = "parsed" | "repaired" | "unparsable";

/** What is told while a chain runs. */
export type RunEvent =
  | {
      readonly type: "step-start";
      readonly step: string;
      readonly kind: string;
      /** How long the values are that it can read, characters; those of their JSON where they are no text. */
      readonly inputLength: number;
    }
  | {
      readonly type: "step-end";
      readonly step: string;
      readonly kind: string;
      /** How long it took, ms. */
      readonly ms: number;
      readonly outcome: "completed" | "failed";
      /** How long its output is, as that; absent where it failed. */
      readonly outputLength?: number;
    }
  | { readonly type: "chunk"; readonly text: string }
  /** What can be read so far of an output that is no text. */
  | { readonly type: "partial"; readonly output: Json };

/** A chain that can be run, with what it asks where its steps name nothing. */
export interface RunnableChain {
  readonly definition: ChainDefinition;
  readonly route: string;
}

/** The surroundings of a run. */
export interface RunContext {
  readonly chain: RunnableChain;
  readonly signal: AbortSignal;
  readonly ledger: RunLedger;
  /** How many chains are around this one. */
  readonly depth: number;
  /** Where the run stands, for the names of steps. */
  readonly place: string;
  /** Whether the text of the last step is told piece by piece. */
  readonly streams: boolean;
  /** Whether the steps are told. */
  readonly tellsSteps: boolean;
  readonly tell: (event: RunEvent) => Promise<void>;
  readonly nowMs: () => number;
  /** A new request: a way to the gateway that serves it, and where what it used is written down. */
  readonly request: (step: string) => { transport: ChatTransport; entry: LedgerEntry };
  /** Another chain. @throws AppError not-found */
  readonly other: (name: string) => RunnableChain;
  /** Works with what the module of a step exports. */
  readonly withModule: <Value>(step: ModuleStep, work: (module: ChainModule) => Value) => Value;
  /** A prompt of the configuration, by `name@version` or `name@label`. @throws AppError not-found */
  readonly prompt: (reference: string) => Prompt;
  /** The input of a chain, checked. @throws AppError invalid-request */
  readonly readInput: (definition: ChainDefinition, input: unknown) => Readonly<Record<string, Json>>;
  readonly answered: (event: { chain: string; variant: string; outcome: AnswerOutcome }) => void;
}
