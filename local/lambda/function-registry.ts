import type { LocalContext } from "../context.ts";
import {
  functionArn,
  functionNotFound,
  lambdaError,
  parseFunctionName,
  qualifiedArn,
} from "./function-name.ts";
import type { FunctionLocation, LocalFunction } from "./local-function.ts";
import { Sandbox } from "./sandbox.ts";

/** The functions of every account and Region. */
export class FunctionRegistry {
  private readonly context: LocalContext;
  private readonly sandboxes = new Map<string, Sandbox>();

  constructor(context: LocalContext) {
    this.context = context;
  }

  /** @throws {AwsError} `ResourceConflictException` where the name is taken. */
  create(location: FunctionLocation, definition: LocalFunction): Sandbox {
    const { functionName } = definition;
    const arn = functionArn(location, functionName);
    if (this.sandboxes.has(arn)) {
      throw lambdaError("ResourceConflictException", `Function already exist: ${functionName}`, 409);
    }
    const sandbox = new Sandbox(this.context, definition, arn);
    this.sandboxes.set(arn, sandbox);
    return sandbox;
  }

  /**
   * @param text - Name, partial ARN or ARN; there are no versions and aliases, only `$LATEST`.
   * @throws {AwsError} `ResourceNotFoundException`, `InvalidParameterValueException`.
   */
  find(text: string, caller: FunctionLocation, givenQualifier?: string): Sandbox {
    const name = parseFunctionName(text, caller, givenQualifier);
    const sandbox = this.sandboxes.get(functionArn(name, name.name));
    const isLatest = name.qualifier === undefined || name.qualifier === "$LATEST";
    if (sandbox === undefined || !isLatest) throw functionNotFound(qualifiedArn(name));
    return sandbox;
  }

  findByArn(arn: string): Sandbox | undefined {
    return this.sandboxes.get(arn);
  }

  /** The functions of one account and Region, in the order of their names. */
  list(location: FunctionLocation): Sandbox[] {
    const prefix = functionArn(location, "");
    return [...this.sandboxes.values()]
      .filter((sandbox) => sandbox.functionArn.startsWith(prefix))
      .sort((a, b) => (a.functionArn < b.functionArn ? -1 : 1));
  }
}
