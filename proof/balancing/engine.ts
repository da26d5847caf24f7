/** One request as the server sees it. */
export interface Job {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** A job inside an engine. */
interface Sequence {
  readonly id: number;
  promptLeft: number;
  outputLeft: number;
}

/** What happened at the end of a step. */
export interface StepEnd {
  /** Ids of jobs whose first token came. */
  readonly first: readonly number[];
  /** Ids of jobs whose last token came. */
  readonly ended: readonly number[];
}

/**
 * How the engine's time passes. The figures are those of an 8B model on one current accelerator, rounded: some 9,000 prompt
 * tokens a second, some 15 ms for a step that decodes one sequence, 21 ms for one that decodes 64.
 */
const stepMs = 15;
const tokenMs = 0.1;
/** Tokens of one step: one for each decoding sequence, the rest for prompts (chunked prefill). */
const stepTokensMax = 512;
/** Sequences that are worked on at once; the others wait in their order. */
const sequencesMax = 64;

/**
 * A server of a language model with continuous batching, as vLLM, SGLang and TGI have it: in each step every running
 * sequence gets one token, and prompts are read, first come first served, with what is left of the step's tokens. So its
 * time to first token grows with all that runs and waits there. Discrete: time passes step by step.
 */
export class Engine {
  readonly #slowness: number;
  #running: Sequence[] = [];
  #waiting: Sequence[] = [];
  /** When the step under way ends, ms; Infinity while there is nothing to do. */
  stepEndMs = Number.POSITIVE_INFINITY;
  /** Prompt tokens that each sequence reads in the step under way, by place in #waiting. */
  #reads: number[] = [];

  /** @param slowness what every step's time is multiplied by; 1 is the fastest */
  constructor(slowness: number) {
    this.#slowness = slowness;
  }

  add(id: number, { promptTokens, outputTokens }: Job, nowMs: number): void {
    this.#waiting.push({ id, promptLeft: promptTokens, outputLeft: outputTokens });
    if (this.stepEndMs === Number.POSITIVE_INFINITY) this.#begin(nowMs);
  }

  /** Ends the step under way and begins the next. */
  step(): StepEnd {
    const nowMs = this.stepEndMs;
    const ended: number[] = [];
    const first: number[] = [];
    this.#running = this.#running.filter((sequence) => {
      sequence.outputLeft -= 1;
      if (sequence.outputLeft > 0) return true;
      ended.push(sequence.id);
      return false;
    });
    const still: Sequence[] = [];
    for (const [place, sequence] of this.#waiting.entries()) {
      sequence.promptLeft -= this.#reads[place] ?? 0;
      if (sequence.promptLeft > 0) {
        still.push(sequence);
        continue;
      }
      // The step that reads the end of a prompt also gives the first token.
      first.push(sequence.id);
      sequence.outputLeft -= 1;
      if (sequence.outputLeft > 0) this.#running.push(sequence);
      else ended.push(sequence.id);
    }
    this.#waiting = still;
    this.#begin(nowMs);
    return { first, ended };
  }

  /**
   * When a job that came now would have its first token, ms. Exact, but for prompts that come later and fill up the very
   * step that reads the end of its own.
   */
  firstTokenMs(job: Job, nowMs: number): number {
    const copy = new Engine(this.#slowness);
    copy.#running = this.#running.map((sequence) => ({ ...sequence }));
    copy.#waiting = this.#waiting.map((sequence) => ({ ...sequence }));
    copy.#reads = this.#reads;
    copy.stepEndMs = this.stepEndMs;
    copy.add(-1, job, nowMs);
    for (;;) {
      const atMs = copy.stepEndMs;
      if (copy.step().first.includes(-1)) return atMs;
    }
  }

  /** Lays out the step that begins now: one token a running sequence, the rest for prompts in their order. */
  #begin(nowMs: number): void {
    let tokens = this.#running.length;
    let places = sequencesMax - this.#running.length;
    this.#reads = [];
    for (const { promptLeft } of this.#waiting) {
      const reads = Math.min(promptLeft, stepTokensMax - tokens);
      if (places === 0 || reads <= 0) break;
      places -= 1;
      tokens += reads;
      this.#reads.push(reads);
    }
    this.stepEndMs =
      tokens === 0 ? Number.POSITIVE_INFINITY : nowMs + (stepMs + tokenMs * tokens) * this.#slowness;
  }
}
