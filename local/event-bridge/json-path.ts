import { isJsonObject } from "./json-value.ts";

type Step = { name: string } | { index: number } | "*";

/** A compiled path; answers with no value at all where the event has nothing there. */
type JsonPath = (event: unknown) => { value: unknown } | undefined;

/**
 * Compiles the JSON paths that EventBridge takes: `$`, names in dot notation, array indices and `*`. Names can hold
 * letters, digits, `-`, `_` and `/`. A path with `*` yields the list of all matches.
 *
 * @returns nothing where EventBridge refuses the path.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function compileJsonPath(path: string): JsonPath | undefined {
  if (!/^\$(\.[\w/-]+|\.\*|\[\d+\]|\[\*\])*$/.test(path)) return undefined;
  const steps = [...path.matchAll(/\.([\w/-]+)|\[(\d+)\]|\.\*|\[\*\]/g)].map(([, name, index]): Step => {
    if (name !== undefined) return { name };
    return index === undefined ? "*" : { index: Number(index) };
  });
  return (event) => {
    const found = follow(event, steps);
    if (steps.includes("*")) return found.length === 0 ? undefined : { value: found };
    return found.length === 0 ? undefined : { value: found[0] };
  };
}

function follow(value: unknown, [step, ...rest]: readonly Step[]): unknown[] {
  if (step === undefined) return [value];
  if (step === "*") {
    const members = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
    return members.flatMap((member) => follow(member, rest));
  }
  if ("index" in step) {
    return Array.isArray(value) && step.index < value.length ? follow(value[step.index], rest) : [];
  }
  return isJsonObject(value) && Object.hasOwn(value, step.name) ? follow(value[step.name], rest) : [];
}
