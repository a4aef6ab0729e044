import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import { bareAddress } from "./mail-address.ts";

/**
 * `GetSuppressedDestination`. Nothing bounces on this machine, so no address is ever on the suppression list.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetSuppressedDestination.html
 */
export const suppressedDestination: Route = {
  method: "GET",
  path: "/v2/email/suppression/addresses/{EmailAddress}",
  operation: operation({
    input: z.strictObject({ EmailAddress: z.string().min(1).max(320) }),
    action: "ses:GetSuppressedDestination",
    run({ EmailAddress }) {
      const address = bareAddress(EmailAddress);
      throw new AwsError(
        "NotFoundException",
        `Email address ${address} does not exist on your suppression list.`,
        404,
      );
    },
  }),
};
