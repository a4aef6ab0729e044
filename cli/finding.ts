/**
 * What one check came to.
 *
 * - `to do`: something that the deploy or Cardway's work fails by.
 * - `to do later`: in order for now; the deploy itself, or what follows it, brings it.
 * - `cannot tell`: these credentials may not look, or AWS did not answer. Says nothing about the account.
 */
export type Finding = Passed | Open;

interface Passed {
  /** What was checked, in a few words, for example `SES sender`. */
  check: string;
  status: "ok";
  /** One sentence of what was seen. Never an address, a credential or a token. */
  saw: string;
}

export interface Open {
  check: string;
  status: "to do" | "to do later" | "cannot tell";
  saw: string;
  /** Exactly what to do. */
  advice: string;
  /** Commands to paste, in order. */
  commands?: string[];
}

export function ok(check: string, saw: string): Finding {
  return { check, status: "ok", saw };
}

export function toDo(check: string, saw: string, advice: string, ...commands: string[]): Open {
  return open("to do", check, saw, advice, commands);
}

export function toDoLater(check: string, saw: string, advice: string, ...commands: string[]): Open {
  return open("to do later", check, saw, advice, commands);
}

export function cannotTell(check: string, saw: string, advice: string, ...commands: string[]): Open {
  return open("cannot tell", check, saw, advice, commands);
}

function open(status: Open["status"], check: string, saw: string, advice: string, commands: string[]): Open {
  return { check, status, saw, advice, ...(commands.length > 0 && { commands }) };
}
