/** Shows the decision of a request: first what the answer's headers tell, then the record of the log. */

const headerFacts = [
  ["Route", "x-signalbox-route"],
  ["Variant", "x-signalbox-variant"],
  ["Deployment", "x-signalbox-deployment"],
  ["Attempts", "x-signalbox-attempts"],
  ["Emulated", "x-signalbox-emulated"],
  ["Gateway", "server-timing"],
  ["Request", "x-signalbox-request-id"],
];

/** Facts that the headers of an answer tell, before its first token. */
export function factsOfHeaders(headers) {
  return headerFacts.flatMap(([label, name]) => {
    const value = headers.get(name);
    if (value === null) return [];
    return [[label, name === "server-timing" ? value.replace(/.*dur=([\d.]+).*/, "$1 ms") : value]];
  });
}

/** Facts of a request's record, `/api/requests/{id}`. */
export function factsOfRecord(record) {
  const { decision, usage } = record;
  const facts = [
    ["Outcome", `${record.outcome} (${record.status})`],
    ["Route", decision?.route],
    ["Variant", decision?.variant],
    ["Deployment", record.attempts.at(-1)?.deployment],
    ["Strategy", decision?.strategy],
    ["Why", decision?.reason],
    ["Propensity", decision?.propensity],
    ["First token", milliseconds(record.timings.first_content_ms)],
    ["Total", milliseconds(record.timings.total_ms)],
    ["Gateway", milliseconds(record.timings.gateway_ms)],
    [
      "Tokens in",
      usage &&
        `${usage.input_tokens}${usage.cached_input_tokens ? ` (${usage.cached_input_tokens} cached)` : ""}`,
    ],
    [
      "Tokens out",
      usage && `${usage.output_tokens}${usage.thinking_tokens ? ` + ${usage.thinking_tokens} thought` : ""}`,
    ],
    ["Finish", record.finish_reason],
    ["Error", record.error_code],
    ["Emulated", record.emulated ? "yes" : "no"],
    ["Request", record.id],
  ];
  return facts.filter(([, value]) => value !== undefined && value !== null);
}

/** Fills a `dl` with facts. */
export function showFacts(list, facts) {
  list.replaceChildren(
    ...facts.flatMap(([label, value]) => [textElement("dt", label), textElement("dd", String(value))]),
  );
}

/** Fills an element with the table of the variants that were looked at. */
export function showCandidates(element, record) {
  const candidates = record?.decision?.candidates ?? [];
  showTable(
    element,
    "Variants looked at",
    ["Variant", "Probability", "Excluded"],
    candidates.map((candidate) => [candidate.variant, candidate.probability, candidate.excluded ?? ""]),
  );
}

/** Fills an element with the table of the attempts. */
export function showAttempts(element, record) {
  const attempts = record?.attempts ?? [];
  showTable(
    element,
    "Attempts",
    ["Deployment", "Outcome", "First token", "Total"],
    attempts.map((attempt) => [
      attempt.deployment,
      attempt.failure ?? attempt.outcome,
      milliseconds(attempt.first_content_ms) ?? "",
      milliseconds(attempt.total_ms) ?? "",
    ]),
  );
}

function showTable(element, title, heads, rows) {
  if (rows.length === 0) {
    element.replaceChildren();
    return;
  }
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const text of heads) {
    const cell = textElement("th", text);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().textContent = String(value);
  }
  element.replaceChildren(textElement("h3", title), table);
}

function milliseconds(value) {
  return value === undefined || value === null
    ? undefined
    : `${Number(value).toFixed(value < 10 ? 1 : 0)} ms`;
}

function textElement(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
