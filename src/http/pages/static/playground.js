// The playground: asks a route or model as any client would and shows its stream as it grows, beside its decision.
import { dialects, errorText } from "./dialects.js";
import { factsOfHeaders, factsOfRecord, showAttempts, showCandidates, showFacts } from "./decision.js";
import { sseData } from "./sse-lines.js";

const byId = (id) => document.getElementById(id);
const elements = {
  form: byId("ask"),
  dialect: byId("dialect"),
  model: byId("model"),
  prompt: byId("prompt"),
  keys: byId("keys"),
  apiKey: byId("api-key"),
  adminKey: byId("admin-key"),
  send: byId("send"),
  abort: byId("abort"),
  notice: byId("notice"),
  state: byId("state"),
  answer: byId("answer"),
  decision: byId("decision"),
  candidates: byId("candidates"),
  attempts: byId("attempts"),
};

/** The record is there as soon as the answer has ended; an aborted one ends a moment after we leave, ms. */
const recordTries = 5;
const recordPauseMs = 150;

let abort = new AbortController();

elements.form.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask();
});
elements.prompt.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) elements.form.requestSubmit();
});
elements.abort.addEventListener("click", () => abort.abort());
for (const [field, name] of [
  [elements.apiKey, "signalbox-api-key"],
  [elements.adminKey, "signalbox-admin-key"],
]) {
  field.value = sessionStorage.getItem(name) ?? "";
  field.addEventListener("change", () => {
    sessionStorage.setItem(name, field.value);
    void loadModels();
  });
}
void loadModels();

async function loadModels() {
  try {
    const [{ routes }, { models }, { deployments }] = await Promise.all(
      ["/api/routes", "/api/models", "/api/deployments"].map(api),
    );
    const chat = models.filter((model) => model.usable && model.operations.includes("chat"));
    const embedding = new Set(
      models.filter((model) => !model.operations.includes("chat")).map(({ id }) => id),
    );
    const chosen = elements.model.value || new URLSearchParams(location.search).get("model");
    const groups = [
      optionGroup(
        "Routes",
        routes.map((route) => [route.name, route.name]),
      ),
      optionGroup(
        "Models",
        chat.map((model) => [
          model.id,
          `${model.display_name}${model.state === "active" ? "" : ` (${model.state})`}`,
        ]),
      ),
      // Those that the catalog brought are called as the model.
      optionGroup(
        "Deployments",
        deployments
          .filter(({ configured, usable, model }) => configured && usable && !embedding.has(model))
          .map(({ name, provider, model }) => [name, `${name} (${model} at ${provider})`]),
      ),
    ];
    elements.model.replaceChildren(...groups.filter((group) => group.childElementCount > 0));
    if ([...elements.model.options].some((option) => option.value === chosen)) elements.model.value = chosen;
    tell("");
  } catch (error) {
    if (error.status === 401 || error.status === 403) elements.keys.open = true;
    tell(`Routes and models: ${error.message}`);
  }
}

async function ask() {
  abort = new AbortController();
  begin();
  const dialect = dialects[elements.dialect.value];
  const { url, headers, body } = dialect.request(
    elements.model.value,
    elements.prompt.value,
    elements.apiKey.value.trim(),
  );
  const startedAt = performance.now();
  let requestId;
  let outcome = "failed";
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    requestId = response.headers.get("x-signalbox-request-id") ?? undefined;
    showFacts(elements.decision, factsOfHeaders(response.headers));
    if (!response.ok) throw new Error(await errorText(response));
    outcome = await relay(dialect, response.body, startedAt);
  } catch (error) {
    if (abort.signal.aborted) outcome = "aborted";
    else tell(error.message);
  }
  end(outcome);
  if (outcome === "aborted") await pause(recordPauseMs);
  if (requestId) await showRecord(requestId);
}

/** Appends each piece as it comes. A stream that ends without a finish reason was cut off. */
async function relay(dialect, body, startedAt) {
  let finish;
  let first = true;
  for await (const data of sseData(body)) {
    if (data === "[DONE]") break;
    const event = JSON.parse(data);
    for (const piece of dialect.pieces(event)) {
      if (first) {
        setState("streaming", `streaming, first token after ${Math.round(performance.now() - startedAt)} ms`);
        first = false;
      }
      append(piece);
    }
    finish = dialect.finish(event) ?? finish;
  }
  if (finish !== undefined) return "done";
  tell("The stream ended before the answer did");
  return "failed";
}

function append({ text, thought }) {
  const atEnd = elements.answer.scrollHeight - elements.answer.scrollTop - elements.answer.clientHeight < 40;
  const last = elements.answer.lastElementChild;
  const kind = thought ? "thought" : "text";
  if (last?.className === kind) last.append(text);
  else {
    const run = document.createElement("span");
    run.className = kind;
    run.textContent = text;
    elements.answer.append(run);
  }
  if (atEnd) elements.answer.scrollTop = elements.answer.scrollHeight;
}

async function showRecord(requestId) {
  for (let tries = 1; tries <= recordTries; tries++) {
    try {
      const record = await api(`/api/requests/${requestId}`);
      showFacts(elements.decision, factsOfRecord(record));
      showCandidates(elements.candidates, record);
      showAttempts(elements.attempts, record);
      return;
    } catch (error) {
      if (error.status !== 404 || tries === recordTries) {
        tell(`Decision: ${error.message}`);
        return;
      }
      await pause(recordPauseMs);
    }
  }
}

async function api(path) {
  const adminKey = elements.adminKey.value.trim();
  const response = await fetch(path, { headers: adminKey ? { authorization: `Bearer ${adminKey}` } : {} });
  if (!response.ok) throw Object.assign(new Error(await errorText(response)), { status: response.status });
  return response.json();
}

function begin() {
  elements.send.disabled = true;
  elements.abort.disabled = false;
  elements.answer.replaceChildren();
  showFacts(elements.decision, []);
  showCandidates(elements.candidates, undefined);
  showAttempts(elements.attempts, undefined);
  tell("");
  setState("waiting", "waiting");
}

function end(outcome) {
  elements.send.disabled = false;
  elements.abort.disabled = true;
  setState(outcome, outcome);
}

function setState(state, text) {
  elements.state.dataset.state = state;
  elements.state.textContent = text;
}

function tell(text) {
  elements.notice.textContent = text;
  elements.notice.hidden = text === "";
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function optionGroup(label, options) {
  const group = document.createElement("optgroup");
  group.label = label;
  group.append(...options.map(([value, text]) => new Option(text, value)));
  return group;
}
