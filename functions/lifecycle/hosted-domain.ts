import * as z from "zod";

/** A host name of the organisation's own, under which pages stand. */
export const HostedDomainSchema = z.strictObject({
  /** Host name, for example `approvals.example.com`. */
  name: z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "must be a host name"),
  /** Certificate of the model card account in the same Region; if left out, one is made and validated by Route 53. */
  certificateArn: z
    .string()
    .regex(/^arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate\/\S+$/, "must be the ARN of an ACM certificate")
    .optional(),
});

export type HostedDomain = z.output<typeof HostedDomainSchema>;
