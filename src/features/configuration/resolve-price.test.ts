import { describe, expect, test } from "vitest";
import { catalogPrices } from "#features/catalog/index.ts";
import { loadConfiguration, problemText } from "./index.ts";

function load(deployment: string) {
  const text = `version: 1
providers:
  google: { dialect: gemini, emulate: always }
  openai: { dialect: openai-chat, base_url: "https://api.openai.com/v1" }
  proxied: { dialect: openai-chat, base_url: "https://api.openai.com/v1", private_network: true }
  in-house: { dialect: openai-chat, base_url: "http://10.0.0.5:8000/v1", private_network: true }
deployments:
  one: ${deployment}
`;
  return loadConfiguration(text, () => undefined, { chains: [] });
}

function priceOf(deployment: string) {
  const loaded = load(deployment);
  if (!loaded.ok)
    expect.unreachable(loaded.error.map((problem) => problemText(problem, "signalbox.yaml")).join("\n"));
  return loaded.value.configuration.deployments.get("one")?.price;
}

describe("a deployment's price", () => {
  test("is the catalog's for a model that it knows", () => {
    expect(priceOf("{ provider: google, model: gemini-3.8-flash }")).toBe(catalogPrices("gemini-3.8-flash"));
  });

  test("is its vendor's, found by the provider's address", () => {
    expect(priceOf("{ provider: openai, model: gpt-4o-mini }")).toEqual({
      periods: [{ rates: { input: 150_000, cachedInput: 75_000, output: 600_000 } }],
    });
  });

  test("is not known for a model that nobody knows there", () => {
    expect(priceOf("{ provider: openai, model: no-such-model }")).toBeUndefined();
  });

  test("is nobody's on a private network, whatever the model's name and the address look like", () => {
    expect(priceOf("{ provider: in-house, model: gpt-4o-mini }")).toBeUndefined();
    expect(priceOf("{ provider: proxied, model: gpt-4o-mini }")).toBeUndefined();
  });

  test("is what is written, before all that others say", () => {
    const written = 'price: { input: $0.60, output: "$3" }';
    const own = { periods: [{ rates: { input: 600_000, output: 3_000_000 } }] };
    expect(priceOf(`{ provider: google, model: gemini-3.8-flash, ${written} }`)).toEqual(own);
    expect(priceOf(`{ provider: openai, model: gpt-4o-mini, ${written} }`)).toEqual(own);
  });

  test("may be written with all that a price can have", () => {
    expect(
      priceOf(`
    provider: in-house
    model: qwen3-omni
    price:
      input: $0.10
      cached_input: $0.01
      output: $0.30
      input_by_modality: { audio: $1.00 }
      cached_by_modality: { audio: $0.10 }
      output_by_modality: { image: $30 }
      long_prompts: { above: 131072, input: $0.20, output: $0.60 }
      service_tiers: { batch: 50%, priority: 182.5% }`),
    ).toEqual({
      periods: [
        {
          rates: {
            input: 100_000,
            cachedInput: 10_000,
            output: 300_000,
            inputByModality: { audio: 1_000_000 },
            cachedByModality: { audio: 100_000 },
            outputByModality: { image: 30_000_000 },
          },
          tiers: [{ aboveInputTokens: 131_072, rates: { input: 200_000, output: 600_000 } }],
          factors: {
            batch: {
              tokens: { numerator: 50, denominator: 100 },
              cached: { numerator: 50, denominator: 100 },
            },
            priority: {
              tokens: { numerator: 1_825, denominator: 1_000 },
              cached: { numerator: 1_825, denominator: 1_000 },
            },
          },
        },
      ],
    });
  });
});

describe("a price that is none", () => {
  test.each([
    ["{ input: 0.10, output: $0.30 }", /price\.input.*a price in dollars such as \$0\.10/],
    ["{ input: $-1, output: $0.30 }", /price\.input.*a price in dollars/],
    ["{ input: $0.0000001, output: $0.30 }", /price\.input.*at most six digits/],
    ["{ input: €0.10, output: $0.30 }", /price\.input.*a price in dollars/],
    ["{ input: $0.10 }", /price\.output/],
    ["{ input: $0.10, output: $0.30, cached: $0.01 }", /price\.cached.*cached_input/],
    ["{ input: $0.10, output: $0.30, input_by_modality: { smell: $1 } }", /price\.input_by_modality/],
    ["{ input: $0.10, output: $0.30, long_prompts: { above: 0, input: $1, output: $1 } }", /above/],
    ["{ input: $0.10, output: $0.30, service_tiers: { flex: 0.5 } }", /flex.*a percentage above 0/],
    ["{ input: $0.10, output: $0.30, service_tiers: { flex: 0% } }", /flex.*a percentage above 0/],
    ["{ input: $0.10, output: $0.30, service_tiers: { fast: 50% } }", /service_tiers\.fast/],
  ])("%s is refused in words", (price, message) => {
    const loaded = load(`{ provider: in-house, model: qwen3-32b, price: ${price} }`);
    if (loaded.ok) expect.unreachable("it was taken");
    const said = loaded.error.map((problem) => problemText(problem, "signalbox.yaml"));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(message);
  });
});
