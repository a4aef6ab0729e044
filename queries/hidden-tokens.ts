import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** Shows texts of an execution without its task tokens. */
export interface HiddenTokens {
  /** In JSON text; `undefined` where there is none, or what is not JSON, in which no token could be told. */
  inJson: (text: string | undefined) => string | undefined;
  /** In any text, which may also be JSON. */
  inText: (text: string) => string;
}

const hidden = "[hidden]";

const tokenName = /^task[-_]?token$/i;

/** How a callback task may be handed its token. */
const tokenLikeName = /token$/i;

const mayBeJson = /^\s*[[{"]/;

/** No token of Step Functions is shorter; anything may be named like one. */
const shortestToken = 16;

/**
 * Hides task tokens: whoever has one can end the task that waits for it. Hidden is every member with that name, also in JSON
 * inside of JSON, and the tokens that callback tasks were called with, wherever they stand.
 */
export function hiddenTokens(events: readonly HistoryEvent[]): HiddenTokens {
  const tokens = new Set(events.flatMap(calledWith).flatMap(tokensIn));
  const withoutTokens = (text: string): string => {
    let shown = text;
    for (const token of tokens) shown = shown.replaceAll(token, hidden);
    return shown;
  };
  const inJson = (text: string): string => {
    let isChanged = false;
    const shown: unknown = JSON.parse(text, (name, value: unknown) => {
      const kept = tokenName.test(name) ? hidden : typeof value === "string" ? inText(value) : value;
      isChanged ||= kept !== value;
      return kept;
    });
    return withoutTokens(isChanged ? JSON.stringify(shown) : text);
  };
  const inText = (text: string): string =>
    (mayBeJson.test(text) ? ifJson(() => inJson(text)) : undefined) ?? withoutTokens(text);
  return { inText, inJson: (text) => (text === undefined ? undefined : ifJson(() => inJson(text))) };
}

/** What a task was called with that waits for its callback. */
function calledWith({ taskScheduledEventDetails: task }: HistoryEvent): string[] {
  return task?.resource?.endsWith(".waitForTaskToken") === true ? [task.parameters ?? ""] : [];
}

function tokensIn(text: string): string[] {
  const tokens: string[] = [];
  ifJson(() => {
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value !== "string") return value;
      if (tokenLikeName.test(name) && value.length >= shortestToken) tokens.push(value);
      else if (mayBeJson.test(value)) tokens.push(...tokensIn(value));
      return value;
    });
  });
  return tokens;
}

/** `undefined` where something is not JSON. */
function ifJson<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
