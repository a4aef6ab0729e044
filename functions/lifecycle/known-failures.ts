import type { LiveAccess } from "./access-plan.ts";

interface Failable {
  state: LiveAccess["state"];
  failedAt?: string | undefined;
}

/**
 * Names a failure of a share's association; `undefined` where it has not failed. RAM's lists may still show it when it has
 * been made anew, and only its moment tells it from the next failure.
 *
 * @param entity - The principal, or `card`.
 */
export function failureName(
  resourceShareArn: string,
  entity: string,
  { state, failedAt }: Failable,
): string | undefined {
  return state === "failed" ? [resourceShareArn, entity, failedAt ?? ""].join(" ") : undefined;
}

/** The association as it is once its known failure has been seen to: on its way. */
export function pastFailure<One extends Failable>(
  known: readonly string[],
  resourceShareArn: string,
  entity: string,
  association: One,
): One {
  const name = failureName(resourceShareArn, entity, association);
  return name !== undefined && known.includes(name) ? { ...association, state: "granting" } : association;
}
