import { OutsideOrganizationRefusedError, QuotaReachedError } from "../errors.ts";

/** @throws {QuotaReachedError} always: RAM's text says which quota. */
export function quotaReached(audience: string): (error: Error) => never {
  return (error) => {
    throw new QuotaReachedError(
      `A quota of RAM keeps ${audience} from getting access: ${error.message} Make room or ask AWS for a higher quota; the next look at the card tries again.`,
      { cause: error },
    );
  };
}

/** RAM says in words only that a share stays inside the organisation. */
const outsideTexts = /external|organi[sz]ation/i;

/** @throws {OutsideOrganizationRefusedError} where that is the reason of a refusal. */
export function assertNotOutside(error: Error, audience: string): void {
  if (!outsideTexts.test(error.message)) return;
  throw new OutsideOrganizationRefusedError(
    `RAM keeps the share of ${audience} inside the organisation, and its account lies outside: ${error.message} ` +
      "Set shareOutsideOrganization in the settings if that is meant, or share within the organisation in AWS RAM.",
    { cause: error },
  );
}
