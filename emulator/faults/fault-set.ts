import { digest, randomFrom } from "../random.ts";
import { faultDefinition } from "./catalog.ts";
import type { FaultEffect } from "./catalog.ts";
import type { FaultRequest } from "./fault.ts";

/** A fault installed by an admin call: it strikes requests until it is used up or cleared. */
export interface InstalledFault extends FaultRequest {
  readonly id: number;
  /** Only requests for this model; every model when absent. */
  readonly model?: string;
  /** How many more requests it strikes; no limit when absent. */
  readonly remaining?: number;
  /** Chance (0..1) that it strikes a request; 1 when absent. */
  readonly probability?: number;
}

/** A fault that strikes a request. */
export interface PlayedFault {
  readonly name: string;
  readonly effect: FaultEffect;
}

/** The request that faults are looked up for. */
export interface FaultedRequest {
  readonly model: string;
  /** Digest of model and prompt; `times=` counts by it, chance depends on it. */
  readonly requestDigest: string;
  /** Faults that the prompt asks for. */
  readonly asked: readonly FaultRequest[];
}

/** The faults of one emulator. */
export interface FaultSet {
  /** Installs a fault. Throws RangeError for an unknown name. */
  add(fault: Omit<InstalledFault, "id">): InstalledFault;
  active(): readonly InstalledFault[];
  clear(): void;
  /** The faults that strike this request; uses up counts. */
  strike(request: FaultedRequest): readonly PlayedFault[];
}

const installedMax = 1000;
const countsMax = 10_000; // sentinel counters (`times=`); the oldest is forgotten first

/** No faults yet. `onListenerFault` closes or opens the listener; `seed` decides chances. */
export function createFaultSet(
  seed: string,
  onListenerFault: (effect: Extract<FaultEffect, { kind: "listener" }> | undefined) => void,
): FaultSet {
  let installed: InstalledFault[] = [];
  let sequence = 0;
  const counts = new Map<string, number>();

  function countOf(name: string): number {
    const count = (counts.get(name) ?? 0) + 1;
    counts.delete(name);
    counts.set(name, count);
    const oldest = counts.keys().next().value;
    if (counts.size > countsMax && oldest !== undefined) counts.delete(oldest);
    return count;
  }

  function isDue(fault: FaultRequest, request: FaultedRequest, index: number): boolean {
    const { model, times, probability } = fault.parameters;
    if (model !== undefined && model !== request.model) return false;
    const count = countOf(`${request.requestDigest}/${fault.name}/${index}`);
    if (times !== undefined && count > Number(times)) return false;
    return probability === undefined || chance(seed, request.requestDigest, count) < Number(probability);
  }

  function useInstalled(request: FaultedRequest): InstalledFault[] {
    const due = installed.filter((fault) => {
      if (fault.model !== undefined && fault.model !== request.model) return false;
      return (
        fault.probability === undefined ||
        chance(seed, `installed/${fault.id}`, countOf(`id/${fault.id}`)) < fault.probability
      );
    });
    installed = installed
      .map((fault) =>
        due.includes(fault) && fault.remaining !== undefined
          ? { ...fault, remaining: fault.remaining - 1 }
          : fault,
      )
      .filter((fault) => fault.remaining === undefined || fault.remaining > 0);
    return due;
  }

  return {
    add(fault) {
      const effect = requiredDefinition(fault.name).effect(fault, fault.model ?? "");
      if (installed.length >= installedMax)
        throw new RangeError(`Cannot install a fault: at most ${installedMax} are kept`);
      sequence += 1;
      const entry: InstalledFault = { ...fault, id: sequence };
      if (effect.kind === "listener") onListenerFault(effect);
      else installed.push(entry);
      return entry;
    },
    active: () => installed,
    clear() {
      installed = [];
      counts.clear();
      onListenerFault(undefined);
    },
    strike(request) {
      const asked = request.asked.filter((fault, index) => isDue(fault, request, index));
      return [...useInstalled(request), ...asked].map((fault) => ({
        name: fault.name,
        effect: requiredDefinition(fault.name).effect(fault, request.model),
      }));
    },
  };
}

function requiredDefinition(name: string) {
  const definition = faultDefinition(name);
  if (definition === undefined) {
    throw new RangeError(`Cannot play fault "${name}": it must be one that GET /emulator/faults lists`);
  }
  return definition;
}

function chance(seed: string, name: string, count: number): number {
  return randomFrom(digest("chance", seed, name, String(count))).next();
}
