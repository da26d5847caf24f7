/** A configuration with one model behind an address: nothing in it takes time but the way there and back. */
export function durabilityConfiguration(emulatorUrl: string, log: string = "{}"): string {
  return `
version: 1
providers:
  in-house: { dialect: openai-chat, base_url: "${emulatorUrl}/v1", private_network: true, api_key: "\${IN_HOUSE_KEY}" }
deployments:
  qwen: { provider: in-house, model: qwen3-32b, price: { input: $0.10, output: $0.30 } }
variants:
  chat-qwen: { pool: [qwen] }
routes:
  chat: { strategy: { use: chat-qwen } }
log: ${log}
`;
}

/** The variables that it names. */
export const durabilityEnvironment = { IN_HOUSE_KEY: "any" };

/** A request of that configuration. */
export const chatBody = JSON.stringify({
  model: "chat",
  messages: [{ role: "user", content: "[[tokens=8]] What is a signal box?" }],
});
