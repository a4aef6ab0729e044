import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import { awsQueryService } from "../wire/aws-query.ts";
import type { Caller } from "../wire/caller.ts";
import { operation } from "../wire/operation.ts";
import type { Service } from "../wire/service.ts";
import type { Circumstances } from "./authorization.ts";
import { parsePolicyDocument } from "./policy-document.ts";
import { queryInteger } from "./query-input.ts";
import type { Roles, StoredRole } from "./roles.ts";
import type { createSessions } from "./sessions.ts";

/** Longest plain text of an inline session policy. */
const longestSessionPolicy = 2048;
const defaultSessionSeconds = 3600;

const AssumeRoleInputSchema = z.strictObject({
  RoleArn: z.string().min(20).max(2048),
  RoleSessionName: z
    .string()
    .min(2)
    .max(64)
    .regex(/^[\w+=,.@-]*$/),
  DurationSeconds: queryInteger(z.int().min(900).max(43_200)).optional(),
  ExternalId: z
    .string()
    .min(2)
    .max(1224)
    .regex(/^[\w+=,.@:/-]*$/)
    .optional(),
  Policy: z.string().min(1).max(longestSessionPolicy).optional(),
});

/**
 * AWS STS: `GetCallerIdentity` and `AssumeRole`.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createSts(
  { clock }: Pick<LocalContext, "clock">,
  dependencies: {
    roles: Pick<Roles, "find">;
    sessions: Pick<ReturnType<typeof createSessions>, "issue">;
    /** Why a caller may not assume a role; nothing where it may. */
    refusalToAssume(caller: Caller, roleArn: string, circumstances: Circumstances): string | undefined;
  },
): Service {
  function assume(caller: Caller, region: string, input: z.output<typeof AssumeRoleInputSchema>) {
    if (!/^arn:aws:iam::\d{12}:role\/./.test(input.RoleArn)) {
      throw new AwsError("ValidationError", `${input.RoleArn} is invalid`);
    }
    const refusal = dependencies.refusalToAssume(caller, input.RoleArn, {
      region,
      roleSessionName: input.RoleSessionName,
      ...(input.ExternalId === undefined ? {} : { externalId: input.ExternalId }),
    });
    const role = dependencies.roles.find(input.RoleArn);
    if (refusal !== undefined || role === undefined) throw new AwsError("AccessDenied", refusal ?? "", 403);

    const seconds = input.DurationSeconds ?? defaultSessionSeconds;
    checkDuration(seconds, role, caller);
    const sessionPolicy =
      input.Policy === undefined
        ? {}
        : {
            sessionPolicy: {
              name: "session-policy",
              document: parsePolicyDocument(input.Policy, "identity"),
            },
          };
    const nowSeconds = Math.floor(clock.now().getTime() / 1000);
    const expiresAt = new Date((nowSeconds + seconds) * 1000);
    const session = dependencies.sessions.issue({
      roleArn: role.roleArn,
      sessionName: input.RoleSessionName,
      expiresAt,
      ...sessionPolicy,
    });
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: expiresAt,
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role.roleId}:${input.RoleSessionName}`,
        Arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.roleName}/${input.RoleSessionName}`,
      },
      PackedPolicySize: input.Policy && Math.ceil((100 * input.Policy.length) / longestSessionPolicy),
    };
  }

  return awsQueryService({
    signingName: "sts",
    version: "2011-06-15",
    operations: {
      GetCallerIdentity: operation({
        input: z.strictObject({}),
        action: "sts:GetCallerIdentity",
        // Everybody may ask who they are, whatever their policies say.
        resource: () => [],
        run: (_input, { caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.accountId }),
      }),
      AssumeRole: operation({
        input: AssumeRoleInputSchema,
        action: "sts:AssumeRole",
        // `run` asks for the permission, because a trust policy can depend on members of the input.
        resource: () => [],
        run: (input, { caller, region }) => assume(caller, region, input),
      }),
    },
  });
}

/** @throws {AwsError} `ValidationError` for more than the role allows, or more than an hour from role to role. */
function checkDuration(seconds: number, role: StoredRole, caller: Caller): void {
  if (seconds > (role.maxSessionSeconds ?? defaultSessionSeconds)) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  }
  const chained = caller.arn !== caller.principalArn;
  if (chained && seconds > 3600) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  }
}
