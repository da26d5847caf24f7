import type { ProviderDialectName } from "#core/llm/dialect-name.ts";
import { spokenOtherwise } from "./draw-clients.ts";
import { conversing, drawAffinity } from "./draw-conversations.ts";
import { drawResumption } from "./draw-resumption.ts";
import { faults, type Fault } from "./fault.ts";
import type {
  Change,
  DeploymentPlan,
  Incident,
  RequestPlan,
  RoutePlan,
  Scenario,
  Specification,
} from "./scenario.ts";
import { SeededChance } from "../../support/seeded-chance.ts";

/** When the last request has come in, ms. */
const horizonMs = 780_000;
/** From here on all is well again, ms. */
const recoveredMs = 150_000;
/**
 * From here on everything that was away must be back, ms: an open breaker and most cooldowns last 300 s at most, the way
 * back 45 s.
 */
export const steadyFromMs = 540_000;
/** The part of the requests that come from then on, steadily. */
const steadyShare = 0.35;
/** Requests of one seed. */
const requestCounts = { min: 100, max: 240 };
const names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"] as const;
const weights: readonly [number, ...number[]] = [1, 1, 2, 4];

/** The scenario of a seed: always the same for the same one. */
export function drawScenario(seed: number): Scenario {
  const chance = new SeededChance(seed, "scenario");
  const drawn = chance.happens(calmShare)
    ? calm(drawDeployments(seed, chance))
    : drawDeployments(seed, chance);
  const { resumes, deployments } = drawResumption(seed, drawn);
  const route = drawRoute(chance, deployments);
  const specification = drawSpecification(chance, deployments, route);
  const conversations = new SeededChance(seed, "affinity");
  const affinity = drawAffinity(conversations);
  const requests = spokenOtherwise(
    new SeededChance(seed, "clients"),
    drawRequests(new SeededChance(seed, "requests"), { route, deployments }),
  );
  return {
    seed,
    // Any hour of a year: days change, and with them daily quotas.
    startMs:
      Date.UTC(2026, 10, 25) + chance.integer(0, 365 * 24 - 1) * 3_600_000 + chance.integer(0, 3_599_999),
    horizonMs,
    deployments,
    route: { ...route, resumes, ...(affinity && { affinity }) },
    specification,
    changes: drawChanges(new SeededChance(seed, "changes"), { deployments, route, specification }),
    requests: affinity ? conversing(conversations, requests) : requests,
  };
}

/** Every fifth world is calm: nothing goes wrong, and all deployments are equally fast. There weights can be measured. */
const calmShare = 0.2;

function calm(deployments: readonly DeploymentPlan[]): readonly DeploymentPlan[] {
  return deployments.map((plan) => ({
    ...plan,
    firstTokenMs: 300,
    frameMs: 20,
    incidents: [],
    isEven: true,
  }));
}

function drawDeployments(seed: number, chance: SeededChance): readonly DeploymentPlan[] {
  const variants = chance.one<readonly string[]>([["main"], ["main"], ["main", "rival"]]);
  const pools = variants.map((variant) => ({ variant, size: chance.integer(2, 3) }));
  if (chance.happens(0.6)) pools.push({ variant: "spare", size: chance.integer(1, 2) });
  const placed = pools.flatMap(({ variant, size }) => Array.from({ length: size }, () => variant));
  // Sometimes the same happens to all at once: it is the model, or the network.
  const shared = chance.happens(0.2) ? drawIncidents(chance) : undefined;
  return placed.slice(0, names.length).map((variant, at) => {
    const name = names[at] ?? `deployment-${at}`;
    const own = new SeededChance(seed, `deployment/${name}`);
    return {
      name,
      variant,
      dialect: own.one<ProviderDialectName>(["openai-chat", "gemini"]),
      firstTokenMs: own.integer(100, 600),
      frameMs: own.integer(10, 60),
      incidents: shared ?? drawIncidents(own),
      isEven: false,
    };
  });
}

function drawIncidents(chance: SeededChance): readonly Incident[] {
  const incidents: Incident[] = [];
  let fromMs = chance.integer(5_000, 60_000);
  while (incidents.length < 3 && fromMs < recoveredMs && chance.happens(0.75)) {
    const untilMs = Math.min(recoveredMs, fromMs + chance.integer(3_000, 60_000));
    incidents.push({ fromMs, untilMs, faults: drawFaults(chance), share: chance.one([1, 1, 0.5, 0.3]) });
    fromMs = untilMs + chance.integer(2_000, 30_000);
  }
  return incidents;
}

/** Mostly one thing goes wrong at a time, sometimes everything. */
function drawFaults(chance: SeededChance): readonly [Fault, ...Fault[]] {
  if (chance.happens(0.15)) return [faults[0], ...faults.slice(1)];
  // Limits are what goes wrong most with models.
  const first = chance.happens(0.25) ? "rate-limited" : chance.one(faults);
  return chance.happens(0.6) ? [first] : [first, chance.one(faults)];
}

function drawRoute(chance: SeededChance, deployments: readonly DeploymentPlan[]): Omit<RoutePlan, "resumes"> {
  const variants = [...new Set(deployments.map(({ variant }) => variant))];
  const firstTokenMs = chance.one([2_000, 4_000, 8_000]);
  return {
    chosen: variants.filter((variant) => variant !== "spare"),
    fallbacks: variants.filter((variant) => variant === "spare"),
    hedges: chance.happens(0.4),
    deadlines: {
      firstTokenMs,
      idleMs: chance.one([1_000, 3_000]),
      totalMs: chance.one([1.5, 3, 6]) * firstTokenMs,
    },
  };
}

function drawSpecification(
  chance: SeededChance,
  deployments: readonly DeploymentPlan[],
  { chosen }: Pick<RoutePlan, "chosen">,
): Specification {
  return {
    weights: Object.fromEntries(deployments.map(({ name }) => [name, chance.one(weights)])),
    shares: drawShares(chance, chosen),
    withdrawn: [],
  };
}

function drawShares(chance: SeededChance, chosen: readonly string[]): Specification["shares"] {
  const [only, other] = chosen;
  if (only === undefined) return {};
  if (other === undefined) return { [only]: 1 };
  const share = chance.integer(1, 9) / 10;
  return { [only]: share, [other]: 1 - share };
}

/** What changes and requests are drawn for. */
interface DrawnWorld {
  readonly deployments: readonly DeploymentPlan[];
  readonly route: Pick<RoutePlan, "chosen" | "deadlines">;
}

function drawChanges(
  chance: SeededChance,
  world: DrawnWorld & Pick<Scenario, "specification">,
): readonly Change[] {
  const changes: Change[] = [];
  let now = world.specification;
  let atMs = chance.integer(5_000, 60_000);
  while (changes.length < 8 && atMs < horizonMs - 60_000) {
    const change = { atMs, ...drawChange(chance, world, now) };
    now = change.specification;
    changes.push(change);
    atMs += chance.integer(5_000, 150_000);
  }
  return changes;
}

function drawChange(
  chance: SeededChance,
  { deployments, route }: DrawnWorld,
  now: Specification,
): Omit<Change, "atMs"> {
  const [first, ...others] = deployments;
  const name = first ? chance.one([first, ...others]).name : "";
  switch (chance.one<Change["what"]>(["weights", "shares", "drain", "enable", "enable", "reload"])) {
    case "weights": {
      const weight = chance.one(weights);
      const words = `${name} gets the weight ${weight}`;
      return {
        what: "weights",
        words,
        specification: { ...now, weights: { ...now.weights, [name]: weight } },
      };
    }
    case "shares": {
      const shares = drawShares(chance, route.chosen);
      return {
        what: "shares",
        words: `shares are ${JSON.stringify(shares)}`,
        specification: { ...now, shares },
      };
    }
    case "drain":
      return drained(deployments, name, now);
    case "enable":
      return {
        what: "enable",
        words:
          now.withdrawn.length > 0 ? `${now.withdrawn.join(", ")} take requests again` : "nothing to enable",
        specification: { ...now, withdrawn: [] },
      };
    case "reload":
      return { what: "reload", words: "the same configuration again", specification: now };
  }
}

/** Withdraws a deployment, unless it is the last of its variant: a pool is never empty. */
function drained(
  deployments: readonly DeploymentPlan[],
  name: string,
  now: Specification,
): Omit<Change, "atMs"> {
  const variant = deployments.find((deployment) => deployment.name === name)?.variant;
  const left = deployments.filter(
    (other) => other.variant === variant && other.name !== name && !now.withdrawn.includes(other.name),
  );
  if (left.length === 0 || now.withdrawn.includes(name))
    return { what: "reload", words: "the same configuration again", specification: now };
  return {
    what: "drain",
    words: `${name} is drained`,
    specification: { ...now, withdrawn: [...now.withdrawn, name] },
  };
}

function drawRequests(chance: SeededChance, { route, deployments }: DrawnWorld): readonly RequestPlan[] {
  const count = chance.integer(requestCounts.min, requestCounts.max);
  const times = drawTimes(chance, { count, incidents: deployments.flatMap(({ incidents }) => incidents) });
  return times.map((atMs, number) => drawRequest(chance, { number, atMs, totalMs: route.deadlines.totalMs }));
}

/** Bursts and quiet; many of them while something is wrong. */
function drawTimes(
  chance: SeededChance,
  { count, incidents }: { readonly count: number; readonly incidents: readonly Incident[] },
): readonly number[] {
  const steady = Math.round(count * steadyShare);
  const everyMs = (horizonMs - steadyFromMs) / steady;
  const times = Array.from({ length: steady }, (_, at) => Math.round(steadyFromMs + at * everyMs));
  const [first, ...others] = incidents;
  while (times.length < count) {
    const incident = first && chance.happens(0.5) ? chance.one([first, ...others]) : undefined;
    const beginMs = chance.integer(incident?.fromMs ?? 0, incident?.untilMs ?? horizonMs);
    const size = Math.min(count - times.length, chance.one([1, 1, 1, 3, 10, 25]));
    const gapMs = chance.one([0, 20, 200, 1_000]);
    let atMs = beginMs;
    for (let at = 0; at < size; at++) {
      times.push(Math.min(horizonMs, atMs));
      atMs += chance.exponentialMs(gapMs);
    }
  }
  return times.toSorted((a, b) => a - b);
}

function drawRequest(
  chance: SeededChance,
  known: { readonly number: number; readonly atMs: number; readonly totalMs: number },
): RequestPlan {
  const dialect = chance.one<ProviderDialectName>(["openai-chat", "gemini"]);
  const stream = chance.happens(0.65);
  return {
    number: known.number,
    atMs: known.atMs,
    dialect,
    stream,
    jsonArray: stream && dialect === "gemini" && chance.happens(0.3),
    words: chance.integer(1, 12),
    ...(chance.happens(0.2) && { deadlineMs: chance.integer(500, known.totalMs) }),
    ...(chance.happens(0.12) && { leavesAfterMs: chance.integer(0, 3_000) }),
    ...(stream && chance.happens(0.1) && { readsSlowlyMs: chance.integer(10, 4_000) }),
  };
}
