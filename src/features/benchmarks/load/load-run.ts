import type { Arrival } from "#core/benchmarks/arrivals/arrival.ts";
import type { MeasuredRequest } from "#core/benchmarks/measured-request.ts";
import { present } from "#core/kernel/present.ts";
import type { Timer } from "#core/kernel/timers.ts";
import type { SpokenTurn } from "../dialects/load-dialect.ts";
import { LoadCall, type CallPorts } from "./load-call.ts";
import type { LoadLane } from "./load-lane.ts";
import { LoadLevel } from "./load-level.ts";
import type { LoadTarget } from "./load-target.ts";
import { answeredSession, newSession, type Session } from "./session.ts";

/** How a run goes, whoever it is against. */
export interface RunRules {
  /** Requests that were intended before it are sent and not measured, ms from the beginning. */
  readonly warmupMs: number;
  /** Requests that each target gets at most; absent for as many as the schedule has. */
  readonly requestsMax?: number;
  /** Requests that may be under way at once to each target; those beyond wait, and their waiting counts. */
  readonly outstandingMax: number;
  /** Requests that may wait; those beyond are given up, and make the run invalid. */
  readonly waitingMax: number;
  readonly timeoutMs: number;
  /** Broken off on purpose: which requests, and when after their start; absent for none. */
  readonly cancel?: { readonly share: number; readonly afterMs: number };
  /** Requests of a session: each after the answer of the one before, with what was said so far. 1 for single requests. */
  readonly turns: number;
  /** How long a user thinks before the next request, ms. */
  thinkMs(): number;
  /** Numbers from [0, 1) that say which requests are broken off. */
  readonly unit: () => number;
}

/** What is heard of a run under way. */
export interface RunListener {
  /** A window of a second is over. Ends the run early where it answers so. */
  window(elapsedMs: number): "go-on" | "stop";
}

/** Length of a window of the course of the load, ms. */
const windowMs = 1_000;

/** A user whose request failed waits at least so long, ms: a server that refuses at once is not stormed. */
const failurePauseMs = 10;

/** A request that is due, or waits until it may start. */
interface DueRequest {
  readonly session: Session;
  readonly intendedMs: number;
  readonly takenMs: number;
}

/** One target's part of a run under way. */
interface LaneState {
  readonly lane: LoadLane;
  next: Arrival | undefined;
  started: number;
  readonly waiting: DueRequest[];
  /** Under way. */
  readonly calls: Set<LoadCall>;
  /** Requests under way and waiting. */
  readonly level: LoadLevel;
}

/**
 * Makes load on one or more targets at once, by one loop: what is due is started in each turn of it, with the time that the
 * schedule wanted noted, so that a turn that comes late shows as lag and hides nothing.
 */
export class LoadRun {
  readonly #ports: CallPorts;
  readonly #rules: RunRules;
  readonly #lanes: readonly LaneState[];
  readonly #over = Promise.withResolvers<void>();
  #listener: RunListener | undefined;
  #startMs = 0;
  #pump: Timer | undefined;
  #window: Timer | undefined;
  /** Users who think before their next request. */
  readonly #thinking = new Set<Timer>();
  #dropped = 0;
  #isStopped = false;

  constructor(ports: CallPorts, rules: RunRules, lanes: readonly LoadLane[]) {
    this.#ports = ports;
    this.#rules = rules;
    this.#lanes = lanes.map((lane) => ({
      lane,
      next: undefined,
      started: 0,
      waiting: [],
      calls: new Set(),
      level: new LoadLevel(ports.clock.monotonicMs()),
    }));
  }

  /** Requests that were given up, since more waited than may. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Runs to the end of the schedule and of the last answer. */
  async run(listener?: RunListener): Promise<void> {
    this.#listener = listener;
    this.#startMs = this.#ports.clock.monotonicMs();
    for (const state of this.#lanes) this.#begin(state);
    this.#window = this.#ports.timers.after(windowMs, () => this.#closeWindow());
    this.#drain();
    await this.#over.promise;
    this.#pump?.cancel();
    this.#window.cancel();
  }

  /** Ends the run: no request is started any more, and those under way are broken off, uncounted. */
  stop(): void {
    this.#isStopped = true;
    for (const state of this.#lanes) {
      state.next = undefined;
      state.waiting.length = 0;
      for (const call of state.calls) call.abort();
    }
    for (const timer of this.#thinking) timer.cancel();
    this.#over.resolve();
  }

  #begin(state: LaneState): void {
    const { source } = state.lane;
    if (source.kind === "open") state.next = nextArrival(source.arrivals);
    else
      for (let user = 0; user < source.users; user++)
        this.#due(state, {
          session: newSession(),
          intendedMs: this.#startMs,
          takenMs: this.#startMs,
        });
  }

  /** Starts what is due, and comes again when more is. */
  #drain(): void {
    if (this.#isStopped) return;
    for (const state of this.#lanes) this.#drainLane(state);
    const nextMs = Math.min(...this.#lanes.map(({ next }) => next?.atMs ?? Number.POSITIVE_INFINITY));
    if (Number.isFinite(nextMs)) {
      const waitMs = Math.max(0, this.#startMs + nextMs - this.#ports.clock.monotonicMs());
      this.#pump = this.#ports.timers.after(waitMs, () => this.#drain());
    }
    this.#endWhenDone();
  }

  #drainLane(state: LaneState): void {
    const { source } = state.lane;
    if (source.kind !== "open") return;
    for (
      let takenMs = this.#ports.clock.monotonicMs();
      state.next;
      takenMs = this.#ports.clock.monotonicMs()
    ) {
      const intendedMs = this.#startMs + state.next.atMs;
      if (intendedMs > takenMs) return;
      this.#due(state, { session: newSession(state.next.size), intendedMs, takenMs });
      state.next = this.#mayStart(state) ? nextArrival(source.arrivals) : undefined;
    }
  }

  #mayStart({ started, waiting }: LaneState): boolean {
    return started + waiting.length < (this.#rules.requestsMax ?? Number.POSITIVE_INFINITY);
  }

  #due(state: LaneState, request: DueRequest): void {
    if (this.#isStopped || !this.#mayStart(state)) return;
    const isFull = state.calls.size >= this.#rules.outstandingMax;
    if (isFull && state.waiting.length >= this.#rules.waitingMax) {
      this.#dropped += 1;
      return;
    }
    state.level.change(1, this.#ports.clock.monotonicMs());
    if (isFull) state.waiting.push(request);
    else this.#start(state, request);
  }

  #start(state: LaneState, { session, intendedMs, takenMs }: DueRequest): void {
    const { turns, timeoutMs, cancel, unit } = this.#rules;
    const { target, measurement, prompts } = state.lane;
    const prompt = session.turn === 0 ? prompts.next(session.size) : prompts.further();
    const said = [...session.said, { by: "user", text: prompt.text } as const];
    const isCancelled = cancel !== undefined && unit() < cancel.share;
    const order = {
      target,
      body: bodyOf(target, said, prompt.outputTokensMax),
      intendedMs,
      takenMs,
      timeoutMs,
      keepsText: session.turn + 1 < turns,
      ...(isCancelled && { cancelMs: cancel.afterMs }),
    };
    const call = new LoadCall(order, this.#ports, {
      firstToken: (ms) => measurement.windows.firstToken(ms),
      over: (request, text) => {
        state.calls.delete(call);
        this.#answered(state, request, answeredSession(session, said, text));
      },
    });
    state.started += 1;
    state.calls.add(call);
    call.begin();
  }

  #answered(state: LaneState, request: MeasuredRequest, session: Session): void {
    state.level.change(-1, this.#ports.clock.monotonicMs());
    if (request.timeline.intendedMs - this.#startMs >= this.#rules.warmupMs)
      state.lane.measurement.record(request);
    const waiting = state.waiting.shift();
    if (waiting) this.#start(state, waiting);
    this.#follow(state, request, session);
    this.#endWhenDone();
  }

  /** The user goes on with the session; in a closed loop with a new one when it is over. */
  #follow(state: LaneState, { outcome }: MeasuredRequest, session: Session): void {
    const { source } = state.lane;
    const goesOn = session.turn < this.#rules.turns && outcome.kind === "answered";
    if (!goesOn && source.kind === "open") return;
    const leastMs = outcome.kind === "failed" ? failurePauseMs : 0;
    const thinkMs = Math.max(leastMs, this.#rules.thinkMs());
    const atMs = this.#ports.clock.monotonicMs() + thinkMs;
    if (source.kind === "closed" && atMs - this.#startMs >= source.durationMs) return;
    this.#afterThinking(thinkMs, (takenMs) =>
      this.#due(state, {
        session: goesOn ? session : newSession(),
        intendedMs: atMs,
        takenMs: Math.max(atMs, takenMs),
      }),
    );
  }

  /** At once where there is nothing to think about: a timer would take a millisecond. */
  #afterThinking(thinkMs: number, act: (nowMs: number) => void): void {
    if (thinkMs === 0) return act(this.#ports.clock.monotonicMs());
    const timer = this.#ports.timers.after(thinkMs, () => {
      this.#thinking.delete(timer);
      act(this.#ports.clock.monotonicMs());
      this.#endWhenDone();
    });
    this.#thinking.add(timer);
  }

  #closeWindow(): void {
    if (this.#isStopped) return;
    const nowMs = this.#ports.clock.monotonicMs();
    const elapsedMs = nowMs - this.#startMs;
    for (const { lane, level } of this.#lanes)
      lane.measurement.windows.close(elapsedMs - windowMs / 2, level.takeMean(nowMs));
    this.#window?.restart();
    if (this.#listener?.window(elapsedMs) === "stop") this.stop();
  }

  #endWhenDone(): void {
    if (this.#thinking.size > 0) return;
    if (this.#lanes.every(isDone)) this.#over.resolve();
  }
}

/** Whether a target has nothing under way and gets nothing more. */
function isDone({ next, calls, waiting }: LaneState): boolean {
  return !next && calls.size === 0 && waiting.length === 0;
}

function bodyOf(
  target: LoadTarget,
  turns: readonly SpokenTurn[],
  outputTokensMax: number | undefined,
): string {
  const { dialect, model, stream, fields } = target;
  return JSON.stringify({ ...dialect.body(present({ model, stream, turns, outputTokensMax })), ...fields });
}

function nextArrival(arrivals: Iterator<Arrival>): Arrival | undefined {
  const { done, value } = arrivals.next();
  return done === true ? undefined : value;
}
