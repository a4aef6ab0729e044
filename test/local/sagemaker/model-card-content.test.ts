import { describe, expect, it } from "vitest";
import { AwsError } from "../../../local/wire/aws-error.ts";
import { readModelCardContent } from "../../../local/sagemaker/model-card-content.ts";

/** Has every member of every variant. */
const complete = {
  model_overview: {
    model_id: "id-1",
    model_name: "churn",
    model_description: "predicts who leaves",
    model_version: 2,
    problem_type: "Binary classification",
    algorithm_type: "XGBoost",
    model_creator: "Ann",
    model_owner: "Bob",
    model_artifact: Array.from({ length: 16 }, (_, index) => `s3://bucket/model-${index}`),
    inference_environment: { container_image: ["image:1"] },
  },
  model_package_details: {
    model_package_arn: "arn:aws:sagemaker:eu-west-1:111111111111:model-package/churn/1",
    model_package_group_name: "churn",
    model_package_version: 1,
    model_package_status: "Completed",
    model_approval_status: "PendingManualApproval",
    created_by: { user_profile_name: "ann" },
    source_algorithms: [{ algorithm_name: "xgb", model_data_url: "s3://bucket/data" }],
    inference_specification: { containers: [{ image: "image:1", nearest_model_name: "xgb" }] },
    written_by_a_later_sagemaker: true,
  },
  intended_uses: {
    purpose_of_model: "retention",
    intended_uses: "campaigns",
    factors_affecting_model_efficiency: "season",
    risk_rating: "High",
    explanations_for_risk_rating: "money",
  },
  business_details: { business_problem: "churn", business_stakeholders: "sales", line_of_business: "retail" },
  training_details: {
    objective_function: { function: { function: "Minimize", facet: "Loss", condition: "" }, notes: "none" },
    training_observations: "converged",
    training_job_details: {
      training_arn: "arn:aws:sagemaker:eu-west-1:111111111111:training-job/churn",
      training_datasets: ["s3://bucket/data"],
      training_environment: { container_image: ["image:1"] },
      training_metrics: [{ name: "accuracy", value: 0.9, notes: "good" }],
      user_provided_training_metrics: [{ name: "f1", value: 0.8 }],
      hyper_parameters: [{ name: "depth", value: "6" }],
      user_provided_hyper_parameters: [{ name: "eta" }],
    },
  },
  evaluation_details: [
    {
      name: "holdout",
      evaluation_observation: "fair",
      evaluation_job_arn: "arn:aws:sagemaker:eu-west-1:111111111111:processing-job/eval",
      datasets: ["s3://bucket/test"],
      metadata: { "Any key": "any value" },
      metric_groups: [
        {
          name: "binary",
          metric_data: [
            { name: "auc", type: "number", value: 0.93, x_axis_name: "x", y_axis_name: "y" },
            { name: "verdict", type: "string", value: "good" },
            { name: "passed", type: "boolean", value: true },
            { name: "number as text", type: "number", value: "0.9" },
            {
              name: "roc",
              type: "linear_graph",
              value: [
                [0, 0],
                [1, 1],
              ],
              x_axis_name: "fpr",
            },
            { name: "shares", type: "bar_chart", value: [1, 2], x_axis_name: ["a", "b"], y_axis_name: "n" },
            {
              name: "confusion",
              type: "matrix",
              value: [
                [1, 2],
                [3, 4],
              ],
              x_axis_name: ["a", "b"],
              y_axis_name: ["a"],
            },
          ],
        },
      ],
    },
  ],
  additional_information: {
    ethical_considerations: "none",
    caveats_and_recommendations: "none",
    custom_details: { Team: "risk" },
  },
};

function refusalOf(content: unknown): string {
  try {
    readModelCardContent(typeof content === "string" ? content : JSON.stringify(content));
  } catch (error) {
    if (error instanceof AwsError && error.code === "ValidationException") return error.message;
    throw error;
  }
  throw new Error("the content was taken");
}

describe("readModelCardContent", () => {
  it("takes every member of every published variant and reads the metadata", () => {
    const metadata = readModelCardContent(JSON.stringify(complete));

    expect(JSON.parse(JSON.stringify(metadata))).toStrictEqual({
      model_overview: { model_id: "id-1", model_name: "churn" },
      intended_uses: { risk_rating: "High" },
      model_package_details: {
        model_package_group_name: "churn",
        model_package_arn: "arn:aws:sagemaker:eu-west-1:111111111111:model-package/churn/1",
      },
    });
  });

  it.each(["{}", ' {"evaluation_details": []}\n', '{"intended_uses":{}}'])("takes %j", (content) => {
    expect(JSON.stringify(readModelCardContent(content))).toBe("{}");
  });

  it.each(["", "{", "not JSON", "null", "[]", '"text"', "7"])(
    "refuses %j, which is no document",
    (content) => {
      expect(refusalOf(content)).toContain("does not conform to the model card JSON schema");
    },
  );

  it.each([
    [{ model_overveiw: {} }, "unknown member model_overveiw"],
    [{ model_overview: { model_nme: "x" } }, "unknown member model_overview.model_nme"],
    [{ model_overview: [] }, "model_overview: Invalid input: expected object, received array"],
    [{ model_overview: null }, "model_overview: Invalid input: expected object, received null"],
    [
      { model_overview: { model_version: "1" } },
      "model_overview.model_version: Invalid input: expected number",
    ],
    [{ model_overview: { model_version: 0 } }, "model_overview.model_version: Too small"],
    [{ model_overview: { model_owner: "x".repeat(1025) } }, "model_overview.model_owner: Too big"],
    [{ intended_uses: { risk_rating: "high" } }, "intended_uses.risk_rating: Invalid option"],
    [{ evaluation_details: [{}] }, "evaluation_details[0].name: Invalid input"],
    [{ evaluation_details: [{ name: "" }] }, "evaluation_details[0].name: Invalid string"],
    [
      {
        evaluation_details: [
          { name: "a", metric_groups: [{ name: "g", metric_data: [{ name: "m", type: "pie" }] }] },
        ],
      },
      "evaluation_details[0].metric_groups[0].metric_data[0].type: Invalid discriminator value",
    ],
    [
      {
        evaluation_details: [
          {
            name: "a",
            metric_groups: [{ name: "g", metric_data: [{ name: "m", type: "matrix", value: [] }] }],
          },
        ],
      },
      "evaluation_details[0].metric_groups[0].metric_data[0].value: Too small",
    ],
    [
      { training_details: { training_job_details: { training_metrics: [{ name: "a", value: "1" }] } } },
      "training_details.training_job_details.training_metrics[0].value: Invalid input: expected number",
    ],
    [
      { training_details: { objective_function: { function: { function: "Maximise" } } } },
      "training_details.objective_function.function.function: Invalid option",
    ],
    [
      { model_package_details: { model_approval_status: "Yes" } },
      "model_package_details.model_approval_status",
    ],
  ])("refuses %j and says where", (content, sentence) => {
    expect(refusalOf(content)).toContain(sentence);
  });

  it("never repeats what the author wrote, neither values nor keys of their own", () => {
    const secret = "Hannah Arendt earns 90000";
    const contents = [
      `{"model_overview": {"model_owner": ${secret}}}`,
      { model_overview: { model_owner: [secret] }, [secret]: 1 },
      { intended_uses: { risk_rating: secret } },
      { additional_information: { custom_details: { [secret]: 1, hannah: 2 } } },
      { evaluation_details: [{ name: "a", metadata: { hannah: 1 } }] },
      {
        evaluation_details: [
          { name: "a", metric_groups: [{ name: "g", metric_data: [{ name: secret, type: secret }] }] },
        ],
      },
    ];

    for (const content of contents) expect(refusalOf(content)).not.toMatch(/hannah/i);
  });

  it("names five faults and counts the rest", () => {
    const metrics = Array.from({ length: 8 }, () => ({ name: "a", value: "1" }));

    const refusal = refusalOf({ training_details: { training_job_details: { training_metrics: metrics } } });

    expect(refusal.match(/expected number/g)).toHaveLength(5);
    expect(refusal).toContain("; and 3 more.");
  });
});
