/** Content of a model card version, as far as it can be understood. All of it is untrusted text. */
export type ModelCardContent =
  | { kind: "missing" }
  /** Not JSON, or JSON that is no object. */
  | { kind: "unreadable"; text: string }
  | { kind: "sections"; text: string; sections: Record<string, unknown> };

/** Takes content apart. Nothing is left out: what has no place of its own keeps the name that the card gives it. */
export function readContent(text: string | undefined): ModelCardContent {
  if (text === undefined) return { kind: "missing" };
  const sections = parsedJson(text);
  return isMembers(sections) ? { kind: "sections", text, sections } : { kind: "unreadable", text };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Whether there is nothing to read in a value, however deep it goes. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === "string") return value.trim() === "";
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The sections that a reviewer expects, in the order in which they are read. */
export const expectedSections = [
  "model_overview",
  "intended_uses",
  "business_details",
  "training_details",
  "evaluation_details",
  "additional_information",
];

/** AWS's members in the order in which they are read, and what people call them. */
const memberNames = new Map([
  ["purpose_of_model", "Purpose of the model"],
  ["intended_uses", "Intended uses"],
  ["evaluation_details", "Evaluation details"],
  ["training_details", "Training details"],
  ["additional_information", "Additional information"],
  ["model_overview", "Overview"],
  ["business_details", "Business details"],
  ["model_package_details", "Model package"],
  ["name", "Name"],
  ["model_name", "Model name"],
  ["model_id", "Model id"],
  ["model_version", "Model version"],
  ["model_description", "Description"],
  ["problem_type", "Problem type"],
  ["algorithm_type", "Algorithm"],
  ["model_owner", "Owner"],
  ["model_creator", "Creator"],
  ["model_artifact", "Model artifacts"],
  ["inference_environment", "Inference environment"],
  ["container_image", "Container images"],
  ["risk_rating", "Risk rating"],
  ["explanations_for_risk_rating", "Why this risk rating"],
  ["factors_affecting_model_efficiency", "Factors that affect the model's efficiency"],
  ["business_problem", "Business problem"],
  ["business_stakeholders", "Business stakeholders"],
  ["line_of_business", "Line of business"],
  ["objective_function", "Objective function"],
  ["function", "Direction"],
  ["facet", "Facet"],
  ["condition", "Condition"],
  ["training_observations", "Training observations"],
  ["training_job_details", "Training job"],
  ["training_arn", "Training job ARN"],
  ["training_datasets", "Training datasets"],
  ["training_environment", "Training environment"],
  ["training_metrics", "Training metrics"],
  ["user_provided_training_metrics", "Training metrics given by the author"],
  ["hyper_parameters", "Hyperparameters"],
  ["user_provided_hyper_parameters", "Hyperparameters given by the author"],
  ["evaluation_observation", "Observations"],
  ["evaluation_job_arn", "Evaluation job ARN"],
  ["datasets", "Datasets"],
  ["metadata", "Metadata"],
  ["metric_groups", "Metrics"],
  ["ethical_considerations", "Ethical considerations"],
  ["caveats_and_recommendations", "Caveats and recommendations"],
  ["custom_details", "Custom details"],
  ["value", "Value"],
  ["type", "Metric type"],
  ["x_axis_name", "X axis"],
  ["y_axis_name", "Y axis"],
  ["notes", "Notes"],
]);

const memberOrder = new Map([...memberNames.keys()].map((name, index) => [name, index]));

/** What people call a member; one that AWS does not define keeps its name. */
export function memberName(member: string, value?: unknown): string {
  // An objective's `function` holds a `function` again.
  if (member === "function" && isMembers(value)) return "Goal";
  return memberNames.get(member) ?? member;
}

/** Members in the order in which they are read; those that AWS does not define come last, as the card orders them. */
export function inReadingOrder(members: Record<string, unknown>): [string, unknown][] {
  const place = ([member]: [string, unknown]): number => memberOrder.get(member) ?? memberOrder.size;
  return Object.entries(members).sort((one, other) => place(one) - place(other));
}
