import * as z from "zod";
import { InvalidInputError } from "../functions/errors.ts";

/** One state of a state machine. */
export interface StateNode {
  name: string;
  /** As Amazon States Language has it: `Task`, `Choice`, `Succeed`, … */
  type: string;
}

/** One way from a state to another. */
export interface StateEdge {
  from: string;
  to: string;
  kind: "next" | "choice" | "default" | "catch";
  /** The errors that a `catch` is for; none for other kinds. */
  errors: string[];
}

export interface StateGraph {
  startAt: string;
  nodes: StateNode[];
  edges: StateEdge[];
}

const WaySchema = z.object({ Next: z.string() });

const StateSchema = z.object({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(WaySchema).default([]),
  Catch: z.array(WaySchema.extend({ ErrorEquals: z.array(z.string()) })).default([]),
});

const DefinitionSchema = z.object({ StartAt: z.string(), States: z.record(z.string(), StateSchema) });

/**
 * The states of a state machine and the ways between them, in the order of the definition. A `Parallel` or `Map` state is one
 * state: what it holds is left out.
 *
 * @param definition - In Amazon States Language, as an object.
 * @throws {InvalidInputError} it is not one, or a way leads to a state that is not there.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 */
export function stateGraph(definition: unknown): StateGraph {
  const parsed = DefinitionSchema.safeParse(definition);
  if (!parsed.success) {
    throw new InvalidInputError(`The state machine cannot be drawn. ${z.prettifyError(parsed.error)}`);
  }
  const { StartAt: startAt, States: states } = parsed.data;
  const edges = Object.entries(states).flatMap(([from, state]) => waysOut(from, state));
  const missing = [startAt, ...edges.map(({ to }) => to)].find((name) => !Object.hasOwn(states, name));
  if (missing !== undefined) {
    throw new InvalidInputError(`The state machine cannot be drawn: it has no state ${missing}.`);
  }
  return {
    startAt,
    nodes: Object.entries(states).map(([name, { Type: type }]) => ({ name, type })),
    edges: withoutRepeats(edges),
  };
}

function waysOut(from: string, state: z.output<typeof StateSchema>): StateEdge[] {
  const way = (to: string, kind: StateEdge["kind"], errors: string[] = []): StateEdge => ({
    from,
    to,
    kind,
    errors,
  });
  return [
    ...(state.Next === undefined ? [] : [way(state.Next, "next")]),
    ...state.Choices.map(({ Next }) => way(Next, "choice")),
    ...(state.Default === undefined ? [] : [way(state.Default, "default")]),
    ...state.Catch.map(({ Next, ErrorEquals }) => way(Next, "catch", ErrorEquals)),
  ];
}

/** One edge for all choices, or all catchers, of a state that lead to the same one. */
function withoutRepeats(edges: StateEdge[]): StateEdge[] {
  const kept = new Map<string, StateEdge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to, edge.kind]);
    const known = kept.get(key);
    kept.set(key, known === undefined ? edge : { ...edge, errors: [...known.errors, ...edge.errors] });
  }
  return [...kept.values()];
}
