/** Class and places in the code of an error and its causes, without the messages, which can hold content. */
export function describeUnexpected(error: unknown): string {
  if (!(error instanceof Error)) return `throw of a ${typeof error}`;
  const stack = (error.stack ?? "").replace(error.message, "");
  const places = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const cause = error.cause === undefined ? [] : [`caused by ${describeUnexpected(error.cause)}`];
  return [error.name, ...places, ...cause].join("\n");
}
