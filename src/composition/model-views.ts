import * as geminiModels from "#core/dialects/gemini/model-list.ts";
import * as openAiModels from "#core/dialects/openai-chat/model-list.ts";
