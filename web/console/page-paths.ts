import { nameOf } from "../../functions/aws/sagemaker.ts";
import { consolePath } from "./console-paths.ts";

export const attentionPath = `${consolePath}/attention`;
export const cardsPath = `${consolePath}/cards`;
export const executionsPath = `${consolePath}/executions`;
export const requestsPath = `${consolePath}/requests`;
export const accessPath = `${consolePath}/access`;
export const auditPath = `${consolePath}/audit`;
export const verificationPath = `${auditPath}/verification`;
export const sweepsPath = `${consolePath}/sweeps`;
export const actsPath = `${consolePath}/acts`;

/** Page of a card. */
export function cardPath(modelCardArn: string): string {
  return `${cardsPath}/${nameOf(modelCardArn)}`;
}

/** Page of the evidence about a card that an act has collected, by the id of the act's record. */
export function evidencePath(modelCardArn: string, effectId: string): string {
  return `${cardPath(modelCardArn)}/evidence/${effectId}`;
}

/** Page of an approval request. */
export function requestPath(requestId: string): string {
  return `${requestsPath}/${requestId}`;
}

/** Page of an execution; `undefined` for what is none of Cardway's workflows, as a deployment's function is. */
export function executionPath(executionArn: string): string | undefined {
  const [, workflow, name = ""] = /:execution:cardway-(promotion|sweep):(.+)$/.exec(executionArn) ?? [];
  return workflow === undefined ? undefined : `${executionsPath}/${workflow}/${encodeURIComponent(name)}`;
}

/** An address with those parameters that there are. */
export function withParameters(
  path: string,
  parameters: Record<string, string | number | boolean | undefined>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
