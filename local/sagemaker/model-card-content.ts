import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";

const text = (maximumLength: number) => z.string().max(maximumLength).optional();
const texts = (maximumLength: number) => z.array(z.string().max(maximumLength)).optional();

/** The published pattern, `.{1,63}` and the like, is not anchored: all that it asks for is one character. */
const name = z.string().regex(/./);

const metric = { name, notes: text(1024) };
const axisName = text(63);
const axisNames = texts(63);

const MetricSchema = z.discriminatedUnion("type", [
  z.strictObject({
    ...metric,
    type: z.enum(["number", "string", "boolean"]),
    value: z.union([z.number(), z.string().max(63), z.boolean()]),
    x_axis_name: axisName,
    y_axis_name: axisName,
  }),
  z.strictObject({
    ...metric,
    type: z.literal("linear_graph"),
    value: z.array(z.tuple([z.number(), z.number()])).min(1),
    x_axis_name: axisName,
    y_axis_name: axisName,
  }),
  z.strictObject({
    ...metric,
    type: z.literal("bar_chart"),
    value: z.array(z.number()).min(1),
    x_axis_name: axisNames,
    y_axis_name: axisName,
  }),
  z.strictObject({
    ...metric,
    type: z.literal("matrix"),
    value: z.array(z.array(z.number()).min(1).max(20)).min(1).max(20),
    x_axis_name: axisNames,
    y_axis_name: axisNames,
  }),
]);

const trainingMetrics = z.array(z.strictObject({ name, value: z.number(), notes: text(1024) })).optional();
const hyperParameters = z.array(z.strictObject({ name, value: z.string().optional() })).optional();
const environment = z.strictObject({ container_image: texts(1024) }).optional();

/**
 * Content of a model card: all that one of AWS's published variants allows. The current schema, the members of
 * `model_overview` that only the one of 2022 has, and `model_package_details`, which SageMaker itself writes. Limits that
 * the published schema states in a way that no validator enforces are not enforced here either.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards.html
 */
const ModelCardContentSchema = z.strictObject({
  model_overview: z
    .strictObject({
      model_id: text(1024),
      model_name: text(1024),
      model_description: text(1024),
      model_version: z.number().min(1).optional(),
      problem_type: z.string().optional(),
      algorithm_type: text(1024),
      model_creator: text(1024),
      model_owner: text(1024),
      model_artifact: texts(1024),
      inference_environment: environment,
    })
    .optional(),
  model_package_details: z
    .looseObject({
      model_package_description: text(1024),
      model_package_arn: z.string().min(1).max(2048).optional(),
      created_by: z.looseObject({ user_profile_name: text(63) }).optional(),
      model_package_status: z.enum(["Pending", "InProgress", "Completed", "Failed", "Deleting"]).optional(),
      model_approval_status: z.enum(["Approved", "Rejected", "PendingManualApproval"]).optional(),
      approval_description: text(1024),
      model_package_group_name: z.string().min(1).max(63).optional(),
      model_package_name: z.string().min(1).max(63).optional(),
      model_package_version: z.number().min(1).optional(),
      domain: z.string().optional(),
      task: z.string().optional(),
      source_algorithms: z
        .array(z.strictObject({ algorithm_name: z.string().max(170), model_data_url: text(1024) }))
        .optional(),
      inference_specification: z
        .strictObject({
          containers: z.array(
            z.strictObject({
              image: z.string().max(255),
              model_data_url: text(1024),
              nearest_model_name: z.string().optional(),
            }),
          ),
        })
        .optional(),
    })
    .optional(),
  intended_uses: z
    .strictObject({
      purpose_of_model: text(2048),
      intended_uses: text(2048),
      factors_affecting_model_efficiency: text(2048),
      risk_rating: z.enum(["High", "Medium", "Low", "Unknown"]).optional(),
      explanations_for_risk_rating: text(2048),
    })
    .optional(),
  business_details: z
    .strictObject({
      business_problem: text(2048),
      business_stakeholders: text(2048),
      line_of_business: text(2048),
    })
    .optional(),
  training_details: z
    .strictObject({
      objective_function: z
        .looseObject({
          function: z
            .looseObject({
              function: z.enum(["Maximize", "Minimize"]).optional(),
              facet: text(63),
              condition: text(63),
            })
            .optional(),
          notes: text(1024),
        })
        .optional(),
      training_observations: text(1024),
      training_job_details: z
        .strictObject({
          training_arn: text(1024),
          training_datasets: texts(1024),
          training_environment: environment,
          training_metrics: trainingMetrics,
          user_provided_training_metrics: trainingMetrics,
          hyper_parameters: hyperParameters,
          user_provided_hyper_parameters: hyperParameters,
        })
        .optional(),
    })
    .optional(),
  evaluation_details: z
    .array(
      z.strictObject({
        name,
        evaluation_observation: text(2096),
        evaluation_job_arn: text(256),
        datasets: z.array(z.string().max(1024)).max(10).optional(),
        metadata: z.record(z.string(), z.string().max(1024)).optional(),
        metric_groups: z.array(z.looseObject({ name, metric_data: z.array(MetricSchema) })).optional(),
      }),
    )
    .optional(),
  additional_information: z
    .strictObject({
      ethical_considerations: text(2048),
      caveats_and_recommendations: text(2048),
      custom_details: z.record(z.string(), z.string().max(1024)).optional(),
    })
    .optional(),
});

/** The part of a card's content that `MetadataOnly` shows and that needs no key to read. */
export interface ModelCardMetadata {
  model_overview?: { model_id?: string; model_name?: string };
  intended_uses?: { risk_rating?: string };
  model_package_details?: { model_package_group_name?: string; model_package_arn?: string };
}

/**
 * Checks a card's content and reads its metadata.
 *
 * @throws {AwsError} `ValidationException` that names where the content is wrong and never repeats any of it.
 */
export function readModelCardContent(content: string): ModelCardMetadata {
  const parsed = ModelCardContentSchema.safeParse(parseJsonText(content));
  if (!parsed.success) throw invalidContent(describeIssues(parsed.error.issues));
  const { model_overview, intended_uses, model_package_details } = parsed.data;
  const metadata = {
    model_overview: present({
      model_id: model_overview?.model_id,
      model_name: model_overview?.model_name,
    }),
    intended_uses: present({ risk_rating: intended_uses?.risk_rating }),
    model_package_details: present({
      model_package_group_name: model_package_details?.model_package_group_name,
      model_package_arn: model_package_details?.model_package_arn,
    }),
  };
  return present(metadata) ?? {};
}

/** Leaves out the members that are `undefined`; `undefined` itself where none is left. */
function present<Members extends object>(members: Members): Members | undefined {
  return Object.values(members).some((value) => value !== undefined) ? members : undefined;
}

function parseJsonText(content: string): unknown {
  try {
    return parseBoundedJson(content);
  } catch (error) {
    // V8's own text quotes the document.
    if (error instanceof SyntaxError) throw invalidContent("it is not JSON");
    throw error;
  }
}

function invalidContent(reason: string): AwsError {
  return new AwsError(
    "ValidationException",
    `Model card content does not conform to the model card JSON schema: ${reason}.`,
  );
}

const shownIssues = 5;

function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const sentences = issues.slice(0, shownIssues).map(describeIssue);
  const rest = issues.length - sentences.length;
  return sentences.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = contentPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys.map((key) => contentPath([...issue.path, key])).slice(0, shownIssues);
    return `unknown member ${unknown.join(", ")}`;
  }
  return `${path === "" ? "the document" : path}: ${issue.message}`;
}

/** Maps whose keys are the author's own words. */
const mapMembers: readonly PropertyKey[] = ["custom_details", "metadata"];

/** `evaluation_details[0].name`. A part that is not spelled like a member of the schema is content, so not shown. */
function contentPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const isMember =
        /^[a-z][a-z_]{0,40}$/.test(String(part)) && !mapMembers.includes(path[index - 1] ?? "");
      return (index === 0 ? "" : ".") + (isMember ? String(part) : "*");
    })
    .join("");
}
