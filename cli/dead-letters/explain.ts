/** What EventBridge says of an event that it gave up, from its message attributes. */
export interface DeliveryFailure {
  /** `ERROR_CODE`; empty where the message has none. */
  code: string;
  /** `ERROR_MESSAGE`, where it cannot quote the event. */
  message?: string;
  /** `EXHAUSTED_RETRY_CONDITION`; absent where EventBridge did not try again. */
  exhausted?: string;
  /** `RETRY_ATTEMPTS` */
  retries?: number;
}

interface Explanation {
  /** One sentence of what it means. */
  meaning: string;
  /** What to do before the event is re-driven. */
  advice: string;
}

const redrive = "Then re-drive.";

/** EventBridge's codes whose text tells of accounts, roles and targets, and never of what was in the event. */
const explanations: Record<string, Explanation> = {
  NO_PERMISSIONS: {
    meaning: "The rule's role may not start the workflow, so EventBridge did not try again.",
    advice: `Deploy the model card account again, which restores the role. ${redrive}`,
  },
  FAILED_TO_ASSUME_ROLE: {
    meaning: "EventBridge could not take the rule's role: it is gone, or does not trust EventBridge.",
    advice: `Deploy the model card account again, which restores the role and its trust. ${redrive}`,
  },
  NO_RESOURCE: {
    meaning: "The workflow that the rule starts did not exist, so EventBridge did not try again.",
    advice: `Deploy the model card account again, which makes the workflow. ${redrive}`,
  },
  RESOURCE_ALREADY_EXISTS: {
    meaning: "EventBridge delivered the event twice, and its execution had started already.",
    advice:
      "Nothing is wrong. Re-drive all the same: the card is looked at once more, which changes nothing.",
  },
  THROTTLING: {
    meaning: "Step Functions started no more executions just then: too many cards changed at once.",
    advice: "Re-drive. If it comes often, ask AWS for a higher StartExecution rate in Service Quotas.",
  },
  ERROR_FROM_TARGET: {
    meaning: "Step Functions answered with an error of its own whenever EventBridge tried.",
    advice: "See on AWS's health page that Step Functions is well again in this Region. Then re-drive.",
  },
  TIMEOUT: {
    meaning: "Step Functions did not answer in time whenever EventBridge tried.",
    advice: "See on AWS's health page that Step Functions is well again in this Region. Then re-drive.",
  },
  THIRD_ACCOUNT_HOP_DETECTED: {
    meaning:
      "The event had already crossed from one account to another, and EventBridge lets it cross only once.",
    advice:
      "Take away the rule of another account that forwards events of model cards here; Cardway reads them in the model card account. Then re-drive.",
  },
};

const quoting: Record<string, Explanation> = {
  INVALID_JSON: {
    meaning: "The event lacks something that the rule takes from it, so it made no input for the workflow.",
    advice: "Re-drive where the event names its card; else discard it, as the sweep looks at every card.",
  },
  INVALID_PARAMETER: {
    meaning: "Step Functions did not take the input that the rule made of the event.",
    advice: "Re-drive, which makes an input of its own.",
  },
  INTERNAL_ERROR: {
    meaning: "EventBridge failed by itself.",
    advice: "Re-drive.",
  },
};

const nothingSaid: Explanation = {
  meaning: "The message does not say why: EventBridge did not put it here.",
  advice: "Re-drive what names its card, and discard what does not.",
};

const unknown: Explanation = {
  meaning:
    "EventBridge gives a reason that is not known here; the message's attribute ERROR_MESSAGE has its words.",
  advice: "Re-drive; if the event comes back, ask AWS Support about this code.",
};

/** Whether EventBridge's own text on a code may be shown: others can quote the event, and with it what a card holds. */
export function isQuotable(code: string): boolean {
  return Object.hasOwn(explanations, code);
}

/** A plain sentence on why an event came to nothing, and what to do, also for codes that are not known here. */
export function explain({ code }: Pick<DeliveryFailure, "code">): Explanation {
  const known = Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  const other = Object.hasOwn(quoting, code) ? quoting[code] : undefined;
  return known ?? other ?? (code === "" ? nothingSaid : unknown);
}

/** How hard EventBridge tried, for people. */
export function effortOf({ exhausted, retries = 0 }: DeliveryFailure): string {
  const tries =
    retries === 0 ? "not tried again" : `tried again ${retries === 1 ? "once" : `${retries} times`}`;
  if (exhausted === "MaximumRetryAttempts") return `${tries}, which is as often as the rule allows`;
  if (exhausted === "MaximumEventAgeInSeconds") return `${tries}, until it was older than the rule allows`;
  return tries;
}
