import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Caller } from "../wire/caller.ts";
import type { Permission } from "../wire/operation.ts";
import type { Authorize, Service } from "../wire/service.ts";
import { refusalOf } from "./authorization.ts";
import type { Limit, Principal, RoleWatcher } from "./authorization.ts";
import { createIam } from "./iam.ts";
import { conditionContext } from "./policy-conditions.ts";
import type { CrossAccountSimulation } from "./policy-simulation.ts";
import { administratorPolicy, createRoles } from "./roles.ts";
import type { Role, StoredRole } from "./roles.ts";
import { createSessions } from "./sessions.ts";
import type { Session } from "./sessions.ts";
import { createSts } from "./sts.ts";
import { trustOf } from "./trust-policy.ts";
import { uniqueId } from "./unique-ids.ts";

export interface Identity {
  /**
   * Who is behind a request's credentials. A 12-digit access key id is the administrator of that account; a key that
   * `AssumeRole` issued is that session; any other key is the administrator of the model card account.
   *
   * @throws {AwsError} `InvalidClientTokenId` where session credentials were never issued or do not belong together,
   *   `ExpiredToken` where they have ended.
   */
  callerOf(credentials: { accessKeyId: string; sessionToken?: string }): Caller;
  /** Creates or replaces a role. @throws {AwsError} `MalformedPolicyDocument` for a policy that is not modelled. */
  putRole(role: Role): void;
  authorize: Authorize;
  /** Whether a role may do something, for a service that acts in its name. A role that is not there may nothing. */
  roleMay(roleArn: string, permission: Permission): boolean;
  /**
   * Credentials of a role for a local Lambda function, which last as long as the process.
   *
   * @throws {AwsError} `InvalidParameterValueException` where the role is not there or does not trust Lambda.
   */
  credentialsOf(
    roleArn: string,
    sessionName: string,
  ): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  sts: Service;
  iam: Service;
}

/**
 * Accounts, roles, sessions and permissions: the part of IAM and STS on which every other local service relies.
 *
 * @param dependencies.crossAccountSimulation - How `SimulatePrincipalPolicy` judges a resource of another account,
 *   which AWS does not document for roles.
 */
export function createIdentity(
  context: LocalContext,
  dependencies: {
    modelCardAccountId: string;
    /** The resource policy of another account's resource (RAM). */
    resourcePolicyAllows(resourceArn: string, action: string, caller: Caller): boolean;
    crossAccountSimulation?: CrossAccountSimulation;
    watcher?: RoleWatcher;
  },
): Identity {
  const roles = createRoles(context);
  const sessions = createSessions(context);
  const lambdaSessions = new Map<string, Session>();
  const authorization = { ...dependencies, findRole: roles.find };

  function sessionOf(accessKeyId: string): Session | undefined {
    return accessKeyId.startsWith("ASIA") ? sessions.find(accessKeyId) : undefined;
  }

  function callerOf({ accessKeyId, sessionToken }: { accessKeyId: string; sessionToken?: string }): Caller {
    if (!accessKeyId.startsWith("ASIA")) {
      return administratorOf(
        /^\d{12}$/.test(accessKeyId) ? accessKeyId : dependencies.modelCardAccountId,
        accessKeyId,
      );
    }
    const session = sessions.find(accessKeyId);
    const role = session && roles.find(session.roleArn);
    if (session === undefined || role === undefined || session.sessionToken !== sessionToken) {
      throw new AwsError(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
      );
    }
    if (session.expiresAt !== undefined && session.expiresAt <= context.clock.now()) {
      throw new AwsError("ExpiredToken", "The security token included in the request is expired", 403);
    }
    return sessionCaller(role, session.sessionName, accessKeyId);
  }

  function principalOf(caller: Caller): Principal {
    if (caller.arn === caller.principalArn) {
      return { caller, type: "User", policies: [administratorPolicy], limits: [] };
    }
    const role = roles.find(caller.principalArn);
    const sessionPolicy = sessionOf(caller.accessKeyId)?.sessionPolicy;
    const limits: Limit[] =
      sessionPolicy === undefined ? [] : [{ kind: "session policy", policy: sessionPolicy }];
    return role === undefined
      ? { caller, type: "AssumedRole", policies: [], limits }
      : { caller, type: "AssumedRole", policies: role.policies, limits: [...boundaryOf(role), ...limits] };
  }

  const authorize: Authorize = (permissions, { caller, region }) => {
    if (permissions.length === 0) return undefined;
    const principal = principalOf(caller);
    for (const permission of permissions) {
      const refusal = refusalOf(principal, permission, { region }, authorization);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  };

  return {
    callerOf,
    putRole(role) {
      roles.put(role);
      dependencies.watcher?.defined(role);
    },
    authorize,
    roleMay(roleArn, permission) {
      const role = roles.find(roleArn);
      if (role === undefined) return false;
      const principal = principalOf(sessionCaller(role, "service", ""));
      const region = permission.resource.split(":", 4)[3] ?? "";
      return refusalOf(principal, permission, { region }, authorization) === undefined;
    },
    credentialsOf(roleArn, sessionName) {
      const role = roles.find(roleArn);
      if (role === undefined || !trustsLambda(role)) {
        throw new AwsError(
          "InvalidParameterValueException",
          "The role defined for the function cannot be assumed by Lambda.",
        );
      }
      const key = `${roleArn}/${sessionName}`;
      const session = lambdaSessions.get(key) ?? sessions.issue({ roleArn, sessionName });
      lambdaSessions.set(key, session);
      const { accessKeyId, secretAccessKey, sessionToken } = session;
      return { accessKeyId, secretAccessKey, sessionToken };
    },
    sts: createSts(context, {
      roles,
      sessions,
      refusalToAssume: (caller, roleArn, circumstances) =>
        refusalOf(
          principalOf(caller),
          { action: "sts:AssumeRole", resource: roleArn },
          circumstances,
          authorization,
        ),
    }),
    iam: createIam(roles, dependencies.crossAccountSimulation ?? "identity-policies-only"),
  };
}

function administratorOf(accountId: string, accessKeyId: string): Caller {
  const arn = `arn:aws:iam::${accountId}:user/administrator`;
  return { accountId, principalArn: arn, arn, userId: uniqueId("AIDA", arn, 17), accessKeyId };
}

function sessionCaller(role: StoredRole, sessionName: string, accessKeyId: string): Caller {
  return {
    accountId: role.accountId,
    principalArn: role.roleArn,
    arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.roleName}/${sessionName}`,
    userId: `${role.roleId}:${sessionName}`,
    accessKeyId,
  };
}

function boundaryOf(role: StoredRole): Limit[] {
  return role.boundary === undefined
    ? []
    : [
        {
          kind: "permissions boundary",
          policy: { name: `${role.roleName}-boundary`, document: role.boundary },
        },
      ];
}

function trustsLambda(role: StoredRole): boolean {
  const context = conditionContext({
    "aws:PrincipalIsAWSService": "true",
    "aws:SecureTransport": "true",
    "aws:SourceAccount": role.accountId,
  });
  const candidate = { service: "lambda.amazonaws.com" };
  return trustOf(role.trust, { action: "sts:AssumeRole", candidate, context }) === "principal";
}
