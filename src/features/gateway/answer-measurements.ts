import { BoundedMap } from "#core/kernel/bounded-map.ts";
import type { Headroom, Measurements } from "#core/routing/routing-view.ts";
import { sizeClassOf, type SizeClass } from "#core/routing/size-class.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

/** Most deployments, and most variants, that measurements are kept of: far more than a configuration has. */
const namesMax = 10_000;
/** The part of a mean that the newest answer makes: some twenty answers say how it is. */
const newestPart = 0.1;

/**
 * What the answers of late were like, for strategies: how soon they came, how fast, how long they were. Told of every
 * request that was answered; kept over changes of the configuration. Times of streams and of whole answers are apart:
 * the first content of a whole answer comes with its last, so that all of its time counts as that of its tokens.
 */
export class AnswerMeasurements implements Measurements {
  readonly #deployments = new BoundedMap<string, Partial<Record<SizeClass, Pace>>>(namesMax);
  readonly #answerTokens = new BoundedMap<string, Mean>(namesMax);
  readonly headroom: (deployment: string) => Headroom | undefined;

  /** @param headroom what is left of a deployment's limits at this moment */
  constructor(headroom: (deployment: string) => Headroom | undefined) {
    this.headroom = headroom;
  }

  /** An attempt is over. Only one that answered, and told how many tokens, says anything. */
  ended(attempt: AttemptRecord, { stream, inputTokens }: MeasuredRequest): void {
    const { outcome, usage, deployment, variant, firstContentMs, totalMs } = attempt;
    // The rest of an answer begins and ends unlike an answer.
    const isRest = attempt.continues ?? attempt.resumes ?? false;
    if (outcome !== "completed" || !usage || isRest) return;
    const tokens = usage.outputTokens + usage.thinkingTokens;
    this.#meanOf(variant).add(tokens);
    const firstMs = stream ? firstContentMs : 0;
    if (firstMs === undefined) return;
    const pace = this.#paceOf(deployment, sizeClassOf(inputTokens));
    const times = stream ? pace.stream : pace.whole;
    times.firstMs.add(firstMs);
    if (tokens > 0 && totalMs > firstMs) times.perSecond.add((tokens / (totalMs - firstMs)) * 1_000);
  }

  firstContentMs(deployment: string, size: SizeClass): number | undefined {
    return this.#times(deployment, size)?.firstMs.value;
  }

  tokensPerSecond(deployment: string, size: SizeClass): number | undefined {
    return this.#times(deployment, size)?.perSecond.value;
  }

  answerTokens(variant: string): number | undefined {
    return this.#answerTokens.get(variant)?.value;
  }

  /** Those of streams where there were any: they tell the first content from the rest. */
  #times(deployment: string, size: SizeClass): Times | undefined {
    const pace = this.#deployments.get(deployment)?.[size];
    return pace?.stream.firstMs.value === undefined ? pace?.whole : pace.stream;
  }

  #paceOf(deployment: string, size: SizeClass): Pace {
    let sizes = this.#deployments.get(deployment);
    if (!sizes) this.#deployments.set(deployment, (sizes = {}));
    return (sizes[size] ??= { stream: newTimes(), whole: newTimes() });
  }

  #meanOf(variant: string): Mean {
    const known = this.#answerTokens.get(variant);
    if (known) return known;
    const made = new Mean();
    this.#answerTokens.set(variant, made);
    return made;
  }
}

/** What is measured of a request. */
interface MeasuredRequest {
  readonly stream: boolean;
  /** Our estimate of the prompt. */
  readonly inputTokens: number;
}

interface Pace {
  readonly stream: Times;
  readonly whole: Times;
}

interface Times {
  readonly firstMs: Mean;
  readonly perSecond: Mean;
}

function newTimes(): Times {
  return { firstMs: new Mean(), perSecond: new Mean() };
}

/** A mean that forgets: each new value is a tenth of it. */
class Mean {
  /** Undefined before the first value. */
  value: number | undefined;

  add(value: number): void {
    this.value = this.value === undefined ? value : this.value + (value - this.value) * newestPart;
  }
}
