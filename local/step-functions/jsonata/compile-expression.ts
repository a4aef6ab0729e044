import jsonata from "jsonata";
import type { LocalContext } from "../../context.ts";
import { registerFunctions } from "./functions.ts";

/** What an expression can read: `$states`, and each variable under its name. */
export type Bindings = Record<string, unknown>;

/** An expression, parsed at its first use and evaluated as often as needed, also by several executions at the same time. */
export interface Expression {
  source: string;
  /** @throws what `jsonata` throws, an object with `code` and `message`. */
  evaluate(bindings: Bindings): Promise<unknown>;
}

export type CompileExpression = (source: string) => Expression;

/** `jsonata` calls what is bound to this name before it evaluates a node of an expression. */
const evaluateEntry = Symbol.for("jsonata.__evaluate_entry");

/** Nodes after which an expression counts as endless: a second or two, and far beyond any that ends. */
const longestEvaluation = 1_000_000;

/**
 * Makes the compiler of the dialect of JSONata that Step Functions speaks: with AWS's functions, without `$eval`.
 *
 * @param mostNodes - Nodes after which an expression counts as endless.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function expressionCompiler(
  context: Pick<LocalContext, "clock" | "newId" | "random">,
  mostNodes = longestEvaluation,
): CompileExpression {
  return (source) => {
    const budget = new EvaluationBudget(mostNodes);
    const compile = () => {
      const expression = jsonata(source);
      registerFunctions(expression, context);
      // The type of `assign` knows no symbols, its implementation does.
      Reflect.apply(Reflect.get(expression, "assign"), expression, [evaluateEntry, () => budget.spend()]);
      return expression;
    };
    // Most expressions of a definition are for what seldom happens.
    let compiled: ReturnType<typeof compile> | undefined;
    return {
      source,
      evaluate: (bindings) => budget.during(() => (compiled ??= compile()).evaluate(undefined, bindings)),
    };
  };
}

/**
 * Ends an endless expression. It would never let go of the event loop, so that no clock could end it.
 *
 * Evaluations of the same expression that overlap share the budget; as they never wait for anything, they overlap only
 * within one turn of the event loop.
 */
class EvaluationBudget {
  private readonly mostNodes: number;
  private spent = 0;
  private evaluations = 0;

  constructor(mostNodes: number) {
    this.mostNodes = mostNodes;
  }

  spend(): void {
    this.spent += 1;
    if (this.spent > this.mostNodes) {
      throw new Error("Expression evaluation timeout: Check for infinite loop");
    }
  }

  async during(evaluate: () => Promise<unknown>): Promise<unknown> {
    if (this.evaluations === 0) this.spent = 0;
    this.evaluations += 1;
    try {
      return await evaluate();
    } finally {
      this.evaluations -= 1;
    }
  }
}
