import type { Caller } from "../../../local/wire/caller.ts";
import type { Service } from "../../../local/wire/service.ts";

/** A user of an account, as the endpoint works it out from the credentials. */
export function userOf(accountId: string, name = "lead"): Caller {
  const arn = `arn:aws:iam::${accountId}:user/${name}`;
  return { accountId, principalArn: arn, arn, userId: `AIDA${name}`, accessKeyId: accountId };
}

/** A session of a role of an account. */
export function roleOf(accountId: string, role: string): Caller {
  return {
    accountId,
    principalArn: `arn:aws:iam::${accountId}:role/${role}`,
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/session`,
    userId: `AROA${role}:session`,
    accessKeyId: `ASIA${accountId}`,
  };
}

/** The same service, called by somebody else. */
export function calledAs(service: Service, caller: Caller): Service {
  return {
    ...service,
    handle: (request, call, environment) => service.handle(request, { ...call, caller }, environment),
  };
}
