import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
} from "@aws-sdk/client-service-quotas";
import { allPages } from "../../functions/aws/aws-call.ts";
import { type Access, awsCommand } from "../access.ts";
import type { Clients } from "./clients.ts";
import { type Finding, cannotTell, ok, toDo } from "../finding.ts";
import { type Reading, read, unseenFinding } from "../reading.ts";

interface Quota {
  serviceCode: string;
  quotaCode: string;
  /** What it limits, in Cardway's words. */
  name: string;
}

const cardVersions: Quota = {
  serviceCode: "sagemaker",
  quotaCode: "L-EF24FBDB",
  name: "model card versions",
};
const exportJobs: Quota = { serviceCode: "sagemaker", quotaCode: "L-860ED60D", name: "card export jobs" };
const concurrency: Quota = { serviceCode: "lambda", quotaCode: "L-B99A9384", name: "Lambda concurrency" };

/** Quotas of an account and Region; `unknown` where Service Quotas has no such row. */
export interface QuotaFacts {
  cardVersions: Reading<number | "unknown">;
  exportJobs: Reading<number | "unknown">;
  concurrency: Reading<number | "unknown">;
  /** Every quota of RAM, by the name that AWS gives it; no list of their codes is public. */
  ram: Reading<{ name: string; value: number }[]>;
}

/** What Cardway itself takes up. */
export interface Needs {
  /** Concurrent executions that its functions reserve, in all. */
  reservedConcurrency: number;
  /** Resource shares: one for each stage and access, until one is full. */
  resourceShares: number;
}

/** AWS's own value where nobody has asked for another: the versions of all cards of an account. */
const defaultCardVersions = 100;
/** Lambda keeps as many for functions that reserve nothing. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const unreservedMinimum = 100;

/** @see https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html */
export async function readQuotas({ serviceQuotas }: Pick<Clients, "serviceQuotas">): Promise<QuotaFacts> {
  /** Only quotas that somebody has changed or that AWS has applied are found by the first call. */
  const valueOf = async ({ serviceCode, quotaCode }: Quota): Promise<Reading<number | "unknown">> => {
    const input = { ServiceCode: serviceCode, QuotaCode: quotaCode };
    const applied = await read<number | "unknown">(
      "servicequotas:GetServiceQuota",
      async () => (await serviceQuotas.send(new GetServiceQuotaCommand(input))).Quota?.Value ?? "unknown",
      { NoSuchResourceException: "unknown" },
    );
    if ("unseen" in applied || applied.seen !== "unknown") return applied;
    return read<number | "unknown">(
      "servicequotas:GetAWSDefaultServiceQuota",
      async () =>
        (await serviceQuotas.send(new GetAWSDefaultServiceQuotaCommand(input))).Quota?.Value ?? "unknown",
      { NoSuchResourceException: "unknown" },
    );
  };
  return {
    cardVersions: await valueOf(cardVersions),
    exportJobs: await valueOf(exportJobs),
    concurrency: await valueOf(concurrency),
    ram: await read(
      "servicequotas:ListServiceQuotas",
      async () => {
        const quotas = await allPages(async (NextToken) => {
          const answer = await serviceQuotas.send(
            new ListServiceQuotasCommand({ ServiceCode: "ram", NextToken }),
          );
          return { items: answer.Quotas, nextToken: answer.NextToken };
        });
        return quotas.flatMap(({ QuotaName: name, Value: value }) =>
          name === undefined || value === undefined ? [] : [{ name, value }],
        );
      },
      { NoSuchResourceException: [] },
    ),
  };
}

/** Whether the account has room for Cardway's work. */
export function judgeQuotas(facts: QuotaFacts, needs: Needs, access: Access): Finding[] {
  return [
    judgeValue(cardVersions, facts.cardVersions, access, (value) =>
      value > defaultCardVersions
        ? undefined
        : {
            saw: `${value} versions of model cards, counted by AWS for the whole account: every edit of a card's content makes one, and at the limit SageMaker refuses edits.`,
            desired: 10_000,
          },
    ),
    judgeValue(exportJobs, facts.exportJobs, access, () => undefined),
    judgeValue(concurrency, facts.concurrency, access, (value) =>
      value >= needs.reservedConcurrency + unreservedMinimum
        ? undefined
        : {
            saw: `${value} concurrent executions; Cardway's functions reserve ${needs.reservedConcurrency}, and Lambda wants ${unreservedMinimum} left for the rest.`,
            desired: 1_000,
          },
    ),
    judgeRam(facts.ram, needs),
  ];
}

function judgeValue(
  quota: Quota,
  reading: Reading<number | "unknown">,
  access: Access,
  shortage: (value: number) => { saw: string; desired: number } | undefined,
): Finding {
  const check = `quota: ${quota.name}`;
  if ("unseen" in reading) return unseenFinding(check, reading.unseen);
  if (reading.seen === "unknown") {
    return cannotTell(
      check,
      `Service Quotas has no ${quota.quotaCode} of ${quota.serviceCode} in ${access.region}.`,
      `Look for "${quota.name}" in the Service Quotas console.`,
    );
  }
  const short = shortage(reading.seen);
  if (short === undefined) return ok(check, `${reading.seen} in ${access.region}.`);
  return toDo(
    check,
    short.saw,
    `Ask for a higher quota, for example ${short.desired}. AWS answers within days; until then this stays to do.`,
    awsCommand(
      access,
      `service-quotas request-service-quota-increase --service-code ${quota.serviceCode} --quota-code ${quota.quotaCode} --desired-value ${short.desired}`,
    ),
  );
}

function judgeRam(reading: QuotaFacts["ram"], { resourceShares }: Needs): Finding {
  const check = "quota: RAM";
  if ("unseen" in reading) return unseenFinding(check, reading.unseen);
  const shares = reading.seen.find(({ name }) => /^(number of )?resource shares\b/i.test(name));
  if (shares === undefined) {
    return cannotTell(
      check,
      "Service Quotas does not list RAM's number of resource shares.",
      `Cardway needs ${resourceShares}; RAM's default is 25,000, so this matters only where many shares exist already.`,
    );
  }
  if (shares.value < resourceShares) {
    return toDo(
      check,
      `${shares.value} resource shares; the settings need ${resourceShares}.`,
      "Ask for a higher quota in the Service Quotas console, service AWS Resource Access Manager.",
    );
  }
  return ok(check, `${shares.name}: ${shares.value}; the settings need ${resourceShares}.`);
}
