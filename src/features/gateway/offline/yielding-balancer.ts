import type {
  AttemptWatch,
  BalancedRequest,
  Balancer,
  Choice,
  ClimbSoFar,
} from "#features/gateway/balancer.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Share of a deployment's minute that must be left for clients. */
const headroomMin = 0.5;

/**
 * Chooses for calls that no client waits for: only deployments that are as they should be and have half of their minute's limit
 * left. It never waits in a queue where a client's request could, and makes no second attempt beside a slow one.
 */
export class YieldingBalancer implements Balancer {
  readonly #balancer: Balancer;
  readonly #nowMs: () => number;

  /** @param nowMs ms since 1970, by a clock that does not step back */
  constructor(balancer: Balancer, nowMs: () => number) {
    this.#balancer = balancer;
    this.#nowMs = nowMs;
  }

  entered(route: string): void {
    this.#balancer.entered(route, undefined);
  }

  next(climb: ClimbSoFar): Choice {
    const choice = this.#balancer.next({ ...climb, stages: this.#withRoom(climb.stages) });
    return choice.kind === "ask" && choice.why === undefined ? choice : { kind: "none" };
  }

  began(rung: Rung, request: BalancedRequest): AttemptWatch {
    return this.#balancer.began(rung, request);
  }

  againInMs(): undefined {
    return undefined;
  }

  hedgeDelayMs(): undefined {
    return undefined;
  }

  payHedge(): boolean {
    return false;
  }

  hedgeEnded(): void {
    // None is ever paid for.
  }

  wait(_waitMs: number, _seat: unknown, over: (how: "turn" | "shed") => void): () => void {
    over("shed");
    return () => undefined;
  }

  #withRoom(stages: ClimbSoFar["stages"]): ClimbSoFar["stages"] {
    const nowMs = this.#nowMs();
    return stages.map((rungs) => rungs.filter(({ health }) => health.view(nowMs).headroom >= headroomMin));
  }
}
