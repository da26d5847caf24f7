import { eventMomentsContract } from "./event-moments.contract.ts";
import { feedbackMomentsContract } from "./feedback-moments.contract.ts";
import { judgedMomentsContract } from "./judged-moments.contract.ts";
import { oldFeedbackContract } from "./old-feedback.contract.ts";
import { feedbackContract } from "./store.contract.ts";
import { memoryFeedbackStore } from "./store.memory.ts";

feedbackContract("memory", async (log = []) => memoryFeedbackStore(() => log));
oldFeedbackContract("memory", async (log = []) => memoryFeedbackStore(() => log));
feedbackMomentsContract("memory", async (log = []) => memoryFeedbackStore(() => log));
eventMomentsContract("memory", async (log = []) => memoryFeedbackStore(() => log));
judgedMomentsContract("memory", async (log = []) => memoryFeedbackStore(() => log));
