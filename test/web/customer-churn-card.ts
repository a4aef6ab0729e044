/** Content of a realistic model card, as a JSON text. */
export const customerChurnContent = JSON.stringify({
  model_overview: {
    model_description:
      "Estimates for every contract customer how likely they are to leave within the next 30 days, from usage, billing and support history.",
    problem_type: "Binary classification (customer churn)",
    algorithm_type: "XGBoost 1.7",
    model_owner: "Retention analytics",
    model_creator: "Data science, contract customers",
    model_artifact: ["s3://ml-shared-services-models/customer-churn/2026-11-14/model.tar.gz"],
    inference_environment: {
      container_image: ["492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:1.7-1"],
    },
  },
  intended_uses: {
    purpose_of_model: "Choose the customers that the retention team calls each week.",
    intended_uses:
      "Ranking of contract customers, once a week, in batch.\nNot meant for prepaid customers, for prices, or for credit decisions.",
    factors_affecting_model_efficiency:
      "New tariffs: the model needs about eight weeks of history with a tariff.",
    risk_rating: "Medium",
    explanations_for_risk_rating:
      "A wrong score costs a needless call or a lost customer. No person is refused anything.",
  },
  business_details: {
    business_problem:
      "One contract customer in nine leaves every year, most of them without having called once.",
    business_stakeholders: "Customer care, Finance, Data protection office",
    line_of_business: "Consumer contracts",
  },
  training_details: {
    objective_function: {
      function: {
        function: "Maximize",
        facet: "AUC",
        condition: "recall of at least 0.70 at the working threshold",
      },
      notes: "Threshold chosen on the validation set of September 2026.",
    },
    training_observations:
      "Trained on 24 months; the months of the network outage (March and April 2026) are left out.",
    training_job_details: {
      training_arn: "arn:aws:sagemaker:eu-central-1:222222222222:training-job/customer-churn-2026-11-14",
      training_datasets: [
        "s3://ml-data-lake/churn/train/2024-10_2026-09/",
        "s3://ml-data-lake/churn/validation/2026-09/",
      ],
      training_metrics: [
        { name: "validation:auc", value: 0.9127 },
        { name: "validation:logloss", value: 0.2419, notes: "After 312 rounds, early stopping" },
      ],
      hyper_parameters: [
        { name: "max_depth", value: "6" },
        { name: "eta", value: "0.08" },
        { name: "num_round", value: "400" },
        { name: "scale_pos_weight", value: "7.8" },
      ],
    },
  },
  evaluation_details: [
    {
      name: "Hold-out October 2026",
      evaluation_observation:
        "Stable against September. Recall for customers over 65 is three points lower and is watched.",
      datasets: ["s3://ml-data-lake/churn/holdout/2026-10/"],
      metadata: { rows: "184,220", positives: "21,004" },
      metric_groups: [
        {
          name: "Classification at threshold 0.42",
          metric_data: [
            { name: "AUC", type: "number", value: 0.9083 },
            { name: "Recall", type: "number", value: 0.741, notes: "Agreed minimum 0.70" },
            { name: "Precision", type: "number", value: 0.386 },
            { name: "Passed", type: "boolean", value: true },
            {
              name: "Confusion matrix",
              type: "matrix",
              value: [
                [138476, 24740],
                [5440, 15564],
              ],
              x_axis_name: ["predicted to stay", "predicted to leave"],
              y_axis_name: ["stayed", "left"],
            },
            {
              name: "Recall by age",
              type: "bar_chart",
              value: [0.752, 0.747, 0.744, 0.712],
              x_axis_name: ["18-29", "30-49", "50-64", "65+"],
              y_axis_name: "recall",
            },
            {
              name: "Precision by recall",
              type: "linear_graph",
              value: Array.from({ length: 16 }, (_, index) => [
                Number((0.2 + index * 0.05).toFixed(2)),
                Number((0.81 - index * index * 0.0031).toFixed(3)),
              ]),
              x_axis_name: "recall",
              y_axis_name: "precision",
            },
          ],
        },
      ],
    },
  ],
  additional_information: {
    ethical_considerations: "Age is not a feature. Postcode is left out because it stands in for income.",
    caveats_and_recommendations: "Train again when a new tariff family starts.",
    custom_details: {
      "Data protection review": "DPR-2026-118",
      "Monitoring dashboard": "churn-model-weekly",
    },
  },
});
