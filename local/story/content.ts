/** What the lead data scientist knows on the first day: the content of the first article's command. */
export const firstContent = {
  model_overview: { model_owner: "model-owner", problem_type: "Customer Churn Model" },
};

/** What the data scientist has found out when the model is ready for review. */
export const filledContent = {
  model_overview: {
    model_description: "Predicts which customers will leave within the next 30 days.",
    model_owner: "model-owner",
    model_creator: "data-science-team",
    problem_type: "Customer Churn Model",
    algorithm_type: "XGBoost",
    model_artifact: ["s3://customer-churn-artifacts/2026-11/model.tar.gz"],
  },
  intended_uses: {
    purpose_of_model: "Tell the retention team whom to call first.",
    intended_uses:
      "Ranking of active retail customers, once a week. Not for pricing and not for credit decisions.",
    factors_affecting_model_efficiency:
      "Customers with less than 60 days of history are scored less reliably.",
    risk_rating: "Medium",
    explanations_for_risk_rating: "A wrong score costs a call; no customer is refused anything.",
  },
  business_details: {
    business_problem: "One customer in eight leaves every year.",
    business_stakeholders: "Retention team, customer analytics",
    line_of_business: "Retail",
  },
  training_details: {
    objective_function: {
      function: { function: "Minimize", facet: "Loss" },
      notes: "Log loss, classes weighted by frequency.",
    },
    training_observations: "Trained on 24 months of activity, 1.8 million rows; stable after 140 rounds.",
    training_job_details: {
      training_arn: "arn:aws:sagemaker:us-east-1:222222222222:training-job/customer-churn-2026-11",
      training_datasets: ["s3://customer-churn-data/2026-11/train"],
      training_metrics: [
        { name: "train:auc", value: 0.912 },
        { name: "validation:auc", value: 0.887 },
      ],
      hyper_parameters: [
        { name: "max_depth", value: "6" },
        { name: "eta", value: "0.1" },
      ],
    },
  },
  evaluation_details: [
    {
      name: "Hold-out evaluation",
      evaluation_observation: "Recall is even across age groups, within two points.",
      datasets: ["s3://customer-churn-data/2026-11/test"],
      metric_groups: [
        {
          name: "Binary classification",
          metric_data: [
            { name: "accuracy", type: "number", value: 0.874 },
            { name: "recall", type: "number", value: 0.811 },
            {
              name: "confusion matrix",
              type: "matrix",
              value: [
                [41_870, 3_120],
                [1_640, 7_040],
              ],
              x_axis_name: ["stays", "leaves"],
              y_axis_name: ["stays", "leaves"],
            },
            {
              name: "recall by age",
              type: "bar_chart",
              value: [0.803, 0.815, 0.818, 0.799],
              x_axis_name: ["18-29", "30-49", "50-64", "65+"],
              y_axis_name: "recall",
            },
            {
              name: "ROC curve",
              type: "linear_graph",
              value: [
                [0, 0],
                [0.02, 0.41],
                [0.05, 0.64],
                [0.07, 0.81],
                [0.15, 0.88],
                [0.3, 0.94],
                [0.6, 0.98],
                [1, 1],
              ],
              x_axis_name: "false positive rate",
              y_axis_name: "true positive rate",
            },
          ],
        },
      ],
    },
  ],
  additional_information: {
    ethical_considerations: "Age and gender are not inputs; recall is compared across both every quarter.",
    caveats_and_recommendations:
      "Retrain when the weekly score distribution shifts by more than ten per cent.",
  },
};
