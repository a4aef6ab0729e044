import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";

/** AWS does not say how long it remembers a token. */
const rememberedMs = 24 * 3_600_000;

/** Makes calls of one operation that carry a client token happen once. */
export class IdempotentCalls<Outcome> {
  private readonly context: Pick<LocalContext, "clock" | "journal">;
  /** Oldest first. */
  private readonly remembered: DurableMap<{ parameters: string; outcome: Outcome; time: Date }>;

  /** @param operation - Under which the calls are remembered. */
  constructor(context: Pick<LocalContext, "clock" | "journal">, operation: string) {
    this.context = context;
    this.remembered = durableMap(context, `ram/calls/${operation}`);
  }

  /**
   * Carries a call out, or gives the outcome of the earlier call with the same token and parameters. A call that failed is
   * not remembered.
   *
   * @param isCurrent - Whether an earlier outcome still stands; one that does not is forgotten.
   * @throws {AwsError} `IdempotentParameterMismatchException` where the token came with other parameters before,
   *   `InvalidClientTokenException` where it is empty.
   */
  once(
    input: { clientToken?: string | undefined },
    { caller, region }: Call,
    run: () => Outcome,
    isCurrent: (outcome: Outcome) => boolean = () => true,
  ): Outcome {
    const { clientToken, ...otherParameters } = input;
    if (clientToken === undefined) return run();
    if (clientToken === "") {
      throw new AwsError("InvalidClientTokenException", "The specified client token is not valid.");
    }
    this.forgetOld();
    const key = `${caller.accountId}/${region}/${clientToken}`;
    const parameters = JSON.stringify(otherParameters);
    const earlier = this.remembered.get(key);
    if (earlier !== undefined && isCurrent(earlier.outcome)) {
      if (earlier.parameters === parameters) return earlier.outcome;
      throw new AwsError(
        "IdempotentParameterMismatchException",
        "The client token matches one of a previous call, but at least one of the other parameters is different.",
      );
    }
    const outcome = run();
    this.remembered.delete(key);
    this.remembered.set(key, { parameters, outcome, time: this.context.clock.now() });
    return outcome;
  }

  private forgetOld(): void {
    const now = this.context.clock.now().getTime();
    for (const [key, { time }] of this.remembered) {
      if (time.getTime() + rememberedMs > now) return;
      this.remembered.delete(key);
    }
  }
}
