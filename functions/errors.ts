/**
 * Every error that Cardway raises on purpose; anything else is a bug. Lambda reports `name` as the error type and Step
 * Functions matches on it, so names are literals and part of the contract. Texts say what happened, to what, and what to
 * do, and never hold card content, links, tokens, addresses or credentials.
 */
export abstract class CardwayError extends Error {
  abstract override readonly name: string;
}

/** Permanent. A message does not have the promised shape. */
export class InvalidInputError extends CardwayError {
  override readonly name = "InvalidInputError";
}

/** Permanent. `lifecycle.config.ts` or a function's environment is wrong. */
export class ConfigurationError extends CardwayError {
  override readonly name = "ConfigurationError";
}

/** Permanent. What Cardway keeps of a card or a request does not have the shape that it writes: somebody else changed it. */
export class RecordUnreadableError extends CardwayError {
  override readonly name = "RecordUnreadableError";
}

/** Transient. AWS accepted a call; its effect is not there yet. The workflow retries. */
export class ResourceNotReadyError extends CardwayError {
  override readonly name = "ResourceNotReadyError";
}

/** Transient. An account outside the organisation has not accepted its invitation yet. The workflow retries. */
export class InvitationPendingError extends CardwayError {
  override readonly name = "InvitationPendingError";
}

/** Base of what became of a call to AWS. */
abstract class AwsCallError extends CardwayError {
  /** What was called, for people, for example `RAM AssociateResourceShare`; absent where several calls were. */
  readonly operation: string | undefined;

  constructor(message: string, { operation, ...options }: ErrorOptions & { operation?: string } = {}) {
    super(message, options);
    this.operation = operation;
  }
}

/** Transient. AWS throttled or failed even after the SDK's own retries. The workflow retries. */
export class AwsUnavailableError extends AwsCallError {
  override readonly name = "AwsUnavailableError";
}

/** Permanent. AWS refused a call. */
export class AwsCallFailedError extends AwsCallError {
  override readonly name = "AwsCallFailedError";
}

/** Permanent. RAM accepted an association and ended it as failed. */
export class AssociationFailedError extends CardwayError {
  override readonly name = "AssociationFailedError";
}

/** Permanent. A quota of RAM is used up: cards or principals of a share or the Region, shares, open invitations. */
export class QuotaReachedError extends CardwayError {
  override readonly name = "QuotaReachedError";
}

/** Permanent. RAM keeps a share inside the organisation, and a stage's account lies outside. */
export class OutsideOrganizationRefusedError extends CardwayError {
  override readonly name = "OutsideOrganizationRefusedError";
}

/** The card changed, or another execution took it over, since it was read. The workflow reads it again. */
export class CardMovedError extends CardwayError {
  override readonly name = "CardMovedError";
}

/** Permanent, alarm. A principal of a read-only stage could update the card. */
export class ReadOnlyBrokenError extends CardwayError {
  override readonly name = "ReadOnlyBrokenError";
}

/** Permanent. A read-only stage has no usable reader role. */
export class ReaderRoleMissingError extends CardwayError {
  override readonly name = "ReaderRoleMissingError";
}

/** Permanent. Those of the settings who may decide about this card are too few for its approval policy. */
export class TooFewApproversError extends CardwayError {
  override readonly name = "TooFewApproversError";
}

/** Permanent. The key that signs a request's links cannot be used any more. */
export class LinkKeyGoneError extends CardwayError {
  override readonly name = "LinkKeyGoneError";
}

/** Transient: tried again, and announced after the last try. Somebody could not be told. */
export class NotificationFailedError extends CardwayError {
  override readonly name = "NotificationFailedError";
}

/** The end of a failed execution: its failure is on record, and a redrive goes on from here. */
export class PromotionFailedError extends CardwayError {
  override readonly name = "PromotionFailedError";
}

/** Permanent. It is not proved who asks for an operator's act. */
export class OperatorNotProvedError extends CardwayError {
  override readonly name = "OperatorNotProvedError";
}

/** Permanent. What an operator asks for cannot be done, or not any more. */
export class ActNotPossibleError extends CardwayError {
  override readonly name = "ActNotPossibleError";
}

/** Transient. The OIDC issuer that people sign in with does not answer, or not as an issuer does. */
export class IssuerUnreachableError extends CardwayError {
  override readonly name = "IssuerUnreachableError";
}

/** Permanent. The OIDC issuer does not let somebody sign in to the console, or refuses the console as its client. */
export class SignInDeniedError extends CardwayError {
  override readonly name = "SignInDeniedError";
}

/** An ID token is not valid at this time: it has expired, or two clocks differ. */
export class IdTokenExpiredError extends CardwayError {
  override readonly name = "IdTokenExpiredError";
}

/** Permanent. What was given as an ID token is none of the settings' issuer for the console. */
export class IdTokenRefusedError extends CardwayError {
  override readonly name = "IdTokenRefusedError";
}
