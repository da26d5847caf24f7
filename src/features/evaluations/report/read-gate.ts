import { gateSchema, type GateSettings } from "#core/evaluations/gate/gate-schema.ts";
import { readYamlFileAs } from "#features/configuration/index.ts";

/**
 * Reads a gate's file: YAML or JSON.
 * @throws AppError invalid-configuration with each problem at its line
 */
export function readGate(path: string): Promise<GateSettings> {
  return readYamlFileAs(path, gateSchema, (written) => written);
}
