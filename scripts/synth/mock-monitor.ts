/** One resource as the Pulumi engine would be asked for it. Components (`sst:…`) are among them. */
export interface SynthesisedResource {
  type: string;
  /** Logical name. */
  name: string;
  inputs: Record<string, unknown>;
}

/** What the engine is told of a resource beside its inputs. */
export interface Relations {
  /** What has to be there before it, and goes only after it: types and names. */
  dependsOn: string[];
  /** Whether a removal leaves it behind. */
  retainOnDelete: boolean;
  /** What is there already and taken over; empty for a new one. */
  importId: string;
}

interface Place {
  accountId: string;
  region: string;
}

interface ResourceRequest {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  id?: string;
}

/**
 * Answers in the place of the Pulumi engine and of AWS: every resource is noted and given what AWS would have given it, and what
 * the program asks about the account is answered from the settings.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/testing/unit/
 */
export function createMockMonitor(
  { accountId, region }: Place,
  note: (resource: SynthesisedResource) => void,
) {
  return {
    newResource({ type, name, inputs, id }: ResourceRequest) {
      note({ type, name, inputs });
      const known = id === undefined || id === "" ? idOf(type, name, inputs) : id;
      return { id: known, state: { ...inputs, ...givenByAws(type, known, inputs, { accountId, region }) } };
    },

    call({ token, inputs }: { token: string; inputs: Record<string, unknown> }): Record<string, unknown> {
      switch (token) {
        case "aws:index/getRegion:getRegion":
          return { region, name: region, id: region };
        case "aws:index/getPartition:getPartition":
          return { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" };
        case "aws:index/getCallerIdentity:getCallerIdentity":
          return { accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId, id: accountId };
        case "aws:route53/getZones:getZones":
          return { ids: ["Z0000000000000000000"] };
        case "aws:route53/getZone:getZone":
          return { zoneId: "Z0000000000000000000", name: inputs["name"] ?? "example.com" };
        default:
          throw new Error(
            `The synthesis has no answer to ${token} yet: give it one in scripts/synth/mock-monitor.ts.`,
          );
      }
    },
  };
}

function idOf(type: string, name: string, { name: physicalName }: Record<string, unknown>): string {
  return typeof physicalName === "string" ? physicalName : `${type.split(":").at(-1)}-${name}`;
}

/** The attributes that AWS makes, as far as the program reads them. */
function givenByAws(
  type: string,
  id: string,
  inputs: Record<string, unknown>,
  { accountId, region }: Place,
): Record<string, unknown> {
  const name = typeof inputs["name"] === "string" ? inputs["name"] : id;
  const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${accountId}:${resource}`;
  switch (type) {
    case "aws:iam/role:Role":
      return { name, arn: `arn:aws:iam::${accountId}:role/${name}` };
    case "aws:iam/policy:Policy":
      return { name, arn: `arn:aws:iam::${accountId}:policy/${name}` };
    case "aws:lambda/function:Function":
      return {
        name,
        arn: arn("lambda", `function:${name}`),
        qualifiedArn: arn("lambda", `function:${name}:1`),
      };
    case "aws:cloudwatch/logGroup:LogGroup":
      return { name, arn: arn("logs", `log-group:${name}`) };
    case "aws:cloudwatch/eventBus:EventBus":
      return { name, arn: arn("events", `event-bus/${name}`) };
    case "aws:cloudwatch/eventRule:EventRule":
      return { name, arn: arn("events", `rule/${name}`) };
    case "aws:cloudwatch/metricAlarm:MetricAlarm":
      return { name, arn: arn("cloudwatch", `alarm:${name}`) };
    case "aws:sfn/stateMachine:StateMachine":
      return { name, arn: arn("states", `stateMachine:${name}`) };
    case "aws:dynamodb/table:Table":
      return { name, arn: arn("dynamodb", `table/${name}`) };
    case "aws:sqs/queue:Queue":
      return { name, arn: arn("sqs", name), url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}` };
    case "aws:sns/topic:Topic":
      return { name, arn: arn("sns", name) };
    case "aws:kms/key:Key":
      return { keyId: id, arn: arn("kms", `key/${id}`) };
    case "aws:apigatewayv2/api:Api":
      return {
        apiEndpoint: `https://${id}.execute-api.${region}.amazonaws.com`,
        executionArn: arn("execute-api", id),
      };
    case "aws:apigatewayv2/domainName:DomainName":
      return {
        domainNameConfiguration: {
          ...(typeof inputs["domainNameConfiguration"] === "object" ? inputs["domainNameConfiguration"] : {}),
          targetDomainName: `d-${id}.execute-api.${region}.amazonaws.com`,
          hostedZoneId: "Z0000000000000000000",
        },
      };
    case "aws:acm/certificate:Certificate":
      return {
        arn: arn("acm", `certificate/${id}`),
        domainValidationOptions: [
          {
            domainName: inputs["domainName"],
            resourceRecordName: "_validation.example.com",
            resourceRecordType: "CNAME",
            resourceRecordValue: "_validation.acm-validations.aws",
          },
        ],
      };
    case "aws:acm/certificateValidation:CertificateValidation":
      return { certificateArn: inputs["certificateArn"] };
    case "random:index/randomBytes:RandomBytes":
      return { base64: "AAAA", hex: "00" };
    default:
      return {};
  }
}
