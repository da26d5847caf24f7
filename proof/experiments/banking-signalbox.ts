import { startProofSignalbox, type ProofOptions, type ProofSignalbox } from "../proof-signalbox.ts";
import {
  bankingSkills,
  bankingVariants,
  type BankingQuestions,
  type BankingVariant,
} from "./banking-models.ts";

/** Of units, by variant. */
export const bankingShares = { control: 0.34, equal: 0.33, better: 0.33 } as const;

/**
 * A Signalbox over emulated models whose skills are known, with experiments that are ready to be started, each on a route of its
 * own name.
 * @param designs by the experiments' names: what a design says of looks, as in signalbox.yaml
 */
export function startBankingSignalbox(
  { keys }: BankingQuestions,
  designs: ReadonlyMap<string, string>,
  options: Pick<ProofOptions, "databaseUrl" | "breaker"> = {},
): Promise<ProofSignalbox> {
  return startProofSignalbox({ ...options, configuration: () => configuration(designs), answerKeys: keys });
}

function configuration(designs: ReadonlyMap<string, string>): string {
  const each = (write: (name: string, design: string) => string) =>
    [...designs].map(([name, design]) => `  ${name}: ${write(name, design)}`).join("\n");
  const shares = ofVariants((variant) => `${variant}: ${100 * bankingShares[variant]}%`);
  return `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments: ${ofVariants((variant) => `at-${variant}: { provider: google, model: ${bankingSkills[variant].model} }`)}
variants: ${ofVariants((variant) => `${variant}: { pool: [at-${variant}] }`)}
routes:
${each(() => "{ strategy: { use: control }, fallbacks: [equal] }")}
experiments:
${each(
  (name, design) =>
    `{ route: ${name}, variants: ${shares}, primary: { right: {} }, design: ${design}, minimum: { days: 0 } }`,
)}
`;
}

function ofVariants(write: (variant: BankingVariant) => string): string {
  return `{ ${bankingVariants.map(write).join(", ")} }`;
}
