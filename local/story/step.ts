/** One thing that happened, as it is told on the terminal and, with `--json`, as an object. */
export interface Step {
  step: string;
  /** Who or what, for people. */
  message: string;
  accountId?: string;
  executionArn?: string;
  durationMs?: number;
  [member: string]: unknown;
}

/** Takes a step and tells it. */
export type Tell = (step: Step) => void;

/** Tells steps as JSON, one object a line. */
export function tellJson(write: (text: string) => void): Tell {
  return (step) => write(`${JSON.stringify(step)}\n`);
}

/** Tells steps in words: when, which account, what, and below it the execution and how long it took. */
export function tellWords(
  write: (text: string) => void,
  accountName: (accountId: string) => string,
  colour: boolean,
): Tell {
  const dim = (text: string): string => (colour ? `\u001B[2m${text}\u001B[22m` : text);
  const bold = (text: string): string => (colour ? `\u001B[1m${text}\u001B[22m` : text);
  return ({ message, accountId, executionArn, durationMs }) => {
    const account = accountId === undefined ? "" : accountName(accountId);
    write(`${bold(account.padEnd(12))}${message}\n`);
    const facts = [
      executionArn === undefined
        ? undefined
        : `execution ${executionArn.slice(executionArn.lastIndexOf(":") + 1)}`,
      durationMs === undefined ? undefined : `${durationMs} ms`,
    ].filter((fact) => fact !== undefined);
    if (facts.length > 0) write(`${" ".repeat(12)}${dim(facts.join(", "))}\n`);
  };
}
