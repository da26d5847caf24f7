/**
 * How the playground asks in each dialect, and what it reads from an event of the stream.
 * `pieces` gives the new text of one event, thoughts told apart; an error event throws.
 */
export const dialects = {
  openai: {
    request: (model, prompt, apiKey) => ({
      url: "/v1/chat/completions",
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      body: {
        model,
        messages: [{ role: "user", content: prompt }],
        stream: true,
        stream_options: { include_usage: true },
      },
    }),
    pieces: (event) => {
      failOn(event);
      const delta = event.choices?.[0]?.delta ?? {};
      return [
        ...(delta.reasoning_content ? [{ text: delta.reasoning_content, thought: true }] : []),
        ...(delta.content ? [{ text: delta.content, thought: false }] : []),
      ];
    },
    finish: (event) => event.choices?.[0]?.finish_reason ?? undefined,
  },
  responses: {
    request: (model, prompt, apiKey) => ({
      url: "/v1/responses",
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      // Thoughts are told as summaries, to those who ask for them.
      body: { model, input: prompt, reasoning: { summary: "auto" }, stream: true },
    }),
    pieces: (event) => {
      failOn(event);
      switch (event.type) {
        case "response.reasoning_summary_text.delta":
          return [{ text: event.delta, thought: true }];
        case "response.output_text.delta":
        case "response.refusal.delta":
          return [{ text: event.delta, thought: false }];
        default:
          return [];
      }
    },
    finish: (event) => /^response\.(completed|incomplete)$/.exec(event.type)?.[1],
  },
  anthropic: {
    request: (model, prompt, apiKey) => ({
      url: "/v1/messages",
      headers: { "anthropic-version": "2023-06-01", ...(apiKey && { "x-api-key": apiKey }) },
      // Anthropic wants a bound: one that leaves room to think.
      body: { model, max_tokens: 8192, messages: [{ role: "user", content: prompt }], stream: true },
    }),
    pieces: (event) => {
      failOn(event);
      if (event.type !== "content_block_delta") return [];
      const { text, thinking } = event.delta;
      return [
        ...(thinking ? [{ text: thinking, thought: true }] : []),
        ...(text ? [{ text, thought: false }] : []),
      ];
    },
    finish: (event) => event.delta?.stop_reason ?? undefined,
  },
  gemini: {
    request: (model, prompt, apiKey) => ({
      url: `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
      headers: apiKey ? { "x-goog-api-key": apiKey } : {},
      body: { contents: [{ role: "user", parts: [{ text: prompt }] }] },
    }),
    pieces: (event) => {
      failOn(event);
      const parts = event.candidates?.[0]?.content?.parts ?? [];
      return parts
        .filter((part) => part.text)
        .map((part) => ({ text: part.text, thought: part.thought === true }));
    },
    finish: (event) => event.candidates?.[0]?.finishReason ?? undefined,
  },
};

function failOn(event) {
  if (event.error) throw new Error(event.error.message ?? "The stream ended in an error");
}

/** The error of an answer that is not a stream, in any dialect or as a problem. */
export async function errorText(response) {
  const text = await response.text();
  try {
    const body = JSON.parse(text);
    const error = Array.isArray(body) ? body[0]?.error : body.error;
    return `${response.status}: ${error?.message ?? body.detail ?? response.statusText}`;
  } catch {
    return `${response.status}: ${response.statusText}`;
  }
}
