import type { Settings } from "../../functions/lifecycle/settings.ts";
import { kept } from "../definitions/kept.ts";
import { type Functions, functionOf, lambdaFunctions } from "./functions.ts";

/**
 * Takes access away before anything else goes: on every deployment from stages that the settings no longer name, on removal from
 * everybody. A deployment that cannot do so fails, and is run again.
 *
 * @see https://www.pulumi.com/registry/packages/aws/api-docs/lambda/invocation/
 */
export function createShareRetirement(settings: Settings, functions: Functions): aws.lambda.Invocation {
  new command.local.Command("WhatRemovalKeeps", {
    create: "true",
    delete: 'printf "%s\\n" "$KEPT"',
    environment: {
      KEPT: ["Cardway keeps, after the removal:", ...kept.map((line) => `- ${line}`)].join("\n"),
    },
    logging: "stdout",
  });
  return new aws.lambda.Invocation(
    "RetireShares",
    {
      functionName: functionOf(functions, "retire-shares").name,
      lifecycleScope: "CRUD",
      // Another input at every change of the settings, so that every change is acted on. Nothing here may ever replace this
      // resource: the end of the old one would retire every share.
      input: JSON.stringify({ policyVersion: settings.policyVersion }),
    },
    // Once every function knows the new settings, none of them grants again what is taken away here.
    { dependsOn: lambdaFunctions(functions) },
  );
}
